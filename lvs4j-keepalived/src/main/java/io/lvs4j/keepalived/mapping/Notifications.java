package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.keepalived.script.NotifyFifo;
import io.lvs4j.keepalived.script.NotifyFifo.Kind;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.script.VrrpNotification;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The notify scripts of an instance or a group; the last of each kind counts. */
final class Notifications {
  private final Map<Trigger, ScriptCommand> commands = new EnumMap<>(Trigger.class);
  private final Commands reader;
  private final Declared declared;

  Notifications(MappingContext context) {
    this.reader = context.commands();
    this.declared = context.declared();
  }

  /** Adds the handlers of these keywords. */
  void handle(Handlers handlers, List<Trigger> triggers) {
    triggers.forEach(trigger -> handlers.on(trigger.keyword(), s -> read(s, trigger)));
  }

  private void read(Statement statement, Trigger trigger) {
    reader.command(statement).ifPresent(command -> commands.put(trigger, command));
  }

  /** Returns the scripts as listeners, the one for all changes last, as keepalived runs it. */
  List<VrrpListener> listeners(boolean group) {
    var scripts =
        commands.entrySet().stream()
            .<VrrpListener>map(
                entry -> new VrrpNotification(entry.getKey(), entry.getValue(), group));
    var fifos =
        declared.vrrpFifos.stream()
            .<VrrpListener>map(fifo ->
                new NotifyFifo(fifo.path(), fifo.script(), group ? Kind.GROUP : Kind.INSTANCE));
    return Stream.concat(scripts, fifos).toList();
  }
}
