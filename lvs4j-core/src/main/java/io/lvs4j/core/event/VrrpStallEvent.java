package io.lvs4j.core.event;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A VRRP router stood still for longer than its peers wait for it. */
@Name("io.lvs4j.VrrpStall")
@Label("VRRP Stall")
@Category("lvs4j")
@Description("The process stood still for so long that another router may have become master")
@StackTrace(false)
final class VrrpStallEvent extends Event {
  @Label("Instance")
  String instance = "";

  @Label("Length")
  @Timespan(Timespan.NANOSECONDS)
  long length;

  static void record(String instance, Duration length) {
    var event = new VrrpStallEvent();
    if (event.isEnabled()) {
      event.instance = instance;
      event.length = length.toNanos();
      event.commit();
    }
  }
}
