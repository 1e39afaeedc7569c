package io.lvs4j.ipvs.plane;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Somebody else has changed the kernel's table. */
@Name("io.lvs4j.ForeignEdit")
@Label("Foreign Edit")
@Category("lvs4j")
@Description("A service in the kernel's table was found other than this director had left it")
@StackTrace(false)
final class ForeignEditEvent extends Event {
  @Label("Service")
  String service = "";

  @Label("Changes")
  String changes = "";

  @Label("Restored")
  boolean restored;

  static void record(ForeignEdit edit) {
    var event = new ForeignEditEvent();
    if (event.isEnabled()) {
      event.service = edit.service();
      event.changes = String.join("; ", edit.changes());
      event.restored = edit.restored();
      event.commit();
    }
  }
}
