package io.lvs4j.core.event;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServerId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A real server changed its state. */
@Name("io.lvs4j.RealServer")
@Label("Real Server")
@Category("lvs4j")
@Description("A real server went up or down, was ejected or came back, or was drained")
@StackTrace(false)
final class RealServerEvent extends Event {
  @Label("Virtual Server")
  String virtualServer = "";

  @Label("Real Server")
  String realServer = "";

  @Label("State")
  String state = "";

  @Label("Reason")
  String reason = "";

  static void record(VirtualServerId virtual, Endpoint real, String state, String reason) {
    var event = new RealServerEvent();
    if (event.isEnabled()) {
      event.virtualServer = virtual.toString();
      event.realServer = real.toString();
      event.state = state;
      event.reason = reason;
      event.commit();
    }
  }
}
