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
  private final Map<String, String> owners = new HashMap<>();
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
                  pipe(prefix, s);
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

  /** A pipe whose owner isn't there is left out, as in keepalived: nobody meant might read it. */
  private void pipe(String prefix, Statement statement) {
    var words = statement.arguments();
    var path = path(statement);
    if (path.isEmpty()) {
      return;
    }
    context.values().nothingBehind(statement, 3);
    if (words.size() > 1) {
      var owner = words.get(1).text() + (words.size() > 2 ? ":" + words.get(2).text() : "");
      if (!context.commands().isUser(words.get(1), statement.name(), owner)) {
        return;
      }
      context.commands().owner(statement, owner).ifPresent(each -> owners.put(prefix, each));
    }
    paths.put(prefix, path.get());
  }

  private Optional<Path> path(Statement statement) {
    var words = statement.arguments();
    if (words.isEmpty()) {
      context.values().word(statement, "a path");
      return Optional.empty();
    }
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
      var script = Optional.ofNullable(scripts.get(prefix));
      var owner =
          Optional.ofNullable(owners.get(prefix))
              .or(() -> script.isPresent() ? Optional.empty() : context.commands().owner());
      var fifo = new NotifyFifo(path, owner, script, Kind.SERVERS);
      if (!prefix.equals("lvs_")) {
        declared.vrrpFifos.add(fifo);
      }
      if (!prefix.equals("vrrp_")) {
        declared.serverFifos.add(fifo);
      }
    }
  }
}
