package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.script.NotifyFifo;
import io.lvs4j.keepalived.script.NotifyFifo.Kind;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.syntax.Statement;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the named pipes of global_defs: for all events, for those of VRRP, for those of servers.
 */
final class FifoReader {
  private static final List<String> PREFIXES = List.of("", "vrrp_", "lvs_");

  private final MappingContext context;
  private final Map<String, Path> paths = new HashMap<>();
  private final Map<String, ScriptCommand> scripts = new HashMap<>();
  private final Map<String, Statement> unread = new HashMap<>();

  FifoReader(MappingContext context) {
    this.context = context;
  }

  /** Adds the handlers. */
  void handle(Handlers handlers) {
    for (var prefix : PREFIXES) {
      handlers
          .on(
              prefix + "notify_fifo",
              s -> {
                if (paths.containsKey(prefix)) {
                  context.values().givenTwice(s);
                } else {
                  path(s).ifPresent(path -> paths.put(prefix, path));
                }
              })
          .on(
              prefix + "notify_fifo_script",
              s -> {
                if (unread.putIfAbsent(prefix, s) != null) {
                  context.values().givenTwice(s);
                }
              });
    }
  }

  private Optional<Path> path(Statement statement) {
    var words = statement.arguments();
    if (words.isEmpty()) {
      context.values().word(statement, "a path");
      return Optional.empty();
    }
    // A user and a group may follow, whose the pipe is to be: it is the application's own here.
    try {
      return Optional.of(Path.of(words.getFirst().text()));
    } catch (InvalidPathException e) {
      context.values().wrong(words.getFirst(), statement.name(), "a path");
      return Optional.empty();
    }
  }

  /** Takes what a block has said for what is read afterwards. */
  void declare() {
    // Whom scripts run as may be said behind them.
    unread.forEach((prefix, statement) ->
        context.commands().command(statement).ifPresent(command -> scripts.put(prefix, command)));
    unread.clear();
    var declared = context.declared();
    declared.vrrpFifos.clear();
    declared.serverFifos.clear();
    for (var prefix : PREFIXES) {
      var path = paths.get(prefix);
      if (path == null) {
        continue;
      }
      var fifo = new NotifyFifo(path, Optional.ofNullable(scripts.get(prefix)), Kind.SERVERS);
      if (!prefix.equals("lvs_")) {
        declared.vrrpFifos.add(fifo);
      }
      if (!prefix.equals("vrrp_")) {
        declared.serverFifos.add(fifo);
      }
    }
  }
}
