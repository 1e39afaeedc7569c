package io.lvs4j.core.event;

import io.lvs4j.api.vrrp.Priority;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A VRRP instance or a sync group came into another state. */
@Name("io.lvs4j.VrrpTransition")
@Label("VRRP Transition")
@Category("lvs4j")
@Description("A VRRP instance or sync group became master, backup or faulty, or ended")
@StackTrace(false)
final class VrrpTransitionEvent extends Event {
  @Label("Instance")
  String instance = "";

  @Label("State")
  String state = "";

  @Label("Effective Priority")
  int priority;

  @Label("Reason")
  String reason = "";

  static void record(String instance, String state, Priority priority, String reason) {
    var event = new VrrpTransitionEvent();
    if (event.isEnabled()) {
      event.instance = instance;
      event.state = state;
      event.priority = priority.value();
      event.reason = reason;
      event.commit();
    }
  }
}
