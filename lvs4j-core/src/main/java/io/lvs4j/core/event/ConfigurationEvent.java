package io.lvs4j.core.event;

import io.lvs4j.api.VirtualServerId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The configuration of a virtual server was changed. */
@Name("io.lvs4j.Configuration")
@Label("Configuration")
@Category("lvs4j")
@Description("A virtual server or a real server was added, removed, changed, drained or resumed")
@StackTrace(false)
final class ConfigurationEvent extends Event {
  @Label("Virtual Server")
  String virtualServer = "";

  @Label("Change")
  String change = "";

  static void record(VirtualServerId virtual, String change) {
    var event = new ConfigurationEvent();
    if (event.isEnabled()) {
      event.virtualServer = virtual.toString();
      event.change = change;
      event.commit();
    }
  }
}
