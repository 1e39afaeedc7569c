package io.lvs4j.core.event;

import io.lvs4j.api.VirtualServerId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A virtual server won or lost its quorum. */
@Name("io.lvs4j.Quorum")
@Label("Quorum")
@Category("lvs4j")
@Description("A virtual server won or lost its quorum, or its sorry server came or went")
@StackTrace(false)
final class QuorumEvent extends Event {
  @Label("Virtual Server")
  String virtualServer = "";

  @Label("Change")
  String change = "";

  static void record(VirtualServerId virtual, String change) {
    var event = new QuorumEvent();
    if (event.isEnabled()) {
      event.virtualServer = virtual.toString();
      event.change = change;
      event.commit();
    }
  }
}
