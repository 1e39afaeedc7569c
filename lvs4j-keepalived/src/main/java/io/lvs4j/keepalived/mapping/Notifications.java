package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.keepalived.script.NotifyFifo;
import io.lvs4j.keepalived.script.NotifyFifo.Kind;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.script.VrrpNotification;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who is told of an instance or a group; the first script of each kind counts, as in keepalived.
 */
final class Notifications {
  private final Map<Trigger, ScriptCommand> commands = new EnumMap<>(Trigger.class);
  private final Set<Trigger> read = EnumSet.noneOf(Trigger.class);
  private final MappingContext context;
  private Optional<Boolean> priorities = Optional.empty();
  private boolean deletion;

  Notifications(MappingContext context) {
    this.context = context;
  }

  /** Adds the handlers of these keywords. */
  void handle(Handlers handlers, List<Trigger> triggers) {
    triggers.forEach(trigger -> handlers.on(trigger.keyword(), s -> read(s, trigger)));
  }

  /** Adds the handler of whether changes of priority are written to pipes. */
  void handlePriorities(Handlers handlers) {
    handlers.on("notify_priority_changes", s -> priorities = context.values().flag(s));
  }

  private void read(Statement statement, Trigger trigger) {
    deletion |= trigger == Trigger.DELETED;
    if (trigger == Trigger.DELETED && statement.arguments().isEmpty()) {
      return;
    }
    if (!read.add(trigger)) {
      context.values().givenTwice(statement);
      return;
    }
    context.commands().command(statement).ifPresent(command -> commands.put(trigger, command));
  }

  /** Returns the scripts as listeners, the one for all changes last, as keepalived runs it. */
  List<VrrpListener> listeners(boolean group) {
    var declared = context.declared();
    var scripts =
        commands.entrySet().stream()
            .<VrrpListener>map(
                entry -> new VrrpNotification(entry.getKey(), entry.getValue(), group, deletion));
    var fifos =
        declared.vrrpFifos.stream()
            .<VrrpListener>map(fifo ->
                new NotifyFifo(
                    fifo.path(),
                    fifo.owner(),
                    fifo.script(),
                    group ? Kind.GROUP : Kind.INSTANCE,
                    !group && priorities.orElse(declared.prioritiesTold),
                    deletion));
    return Stream.concat(scripts, fifos).toList();
  }
}
