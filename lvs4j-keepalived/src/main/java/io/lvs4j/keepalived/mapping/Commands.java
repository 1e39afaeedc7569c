package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.syntax.ShellWords;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.Optional;

/**
 * Reads commands: the word behind the keyword, which is in quotes when it has arguments; then,
 * perhaps, the user and the group to run it as.
 */
final class Commands {
  private final Diagnostics diagnostics;
  private final String user;

  /**
   * Begins.
   *
   * @param user who the process runs as
   */
  Commands(Diagnostics diagnostics, String user) {
    this.diagnostics = diagnostics;
    this.user = user;
  }

  /** Returns the same, telling it elsewhere. */
  Commands to(Diagnostics other) {
    return new Commands(other, user);
  }

  /** Returns the command behind a keyword. */
  Optional<ScriptCommand> command(Statement statement) {
    var outer = ShellWords.ofCommand(statement.rest().text());
    var words =
        outer.isEmpty() ? outer : ShellWords.ofCommand(withoutDoubleQuotes(outer.getFirst()));
    if (words.isEmpty() || words.getFirst().isBlank()) {
      diagnostics.error(statement.position(), statement.name() + ": none (expected: a program)");
      return Optional.empty();
    }
    if (outer.size() > 1) {
      userOf(statement, outer.get(1));
    }
    return Optional.of(new ScriptCommand(words));
  }

  /** Within the command only single quotes are left to hold words together. */
  private static String withoutDoubleQuotes(String text) {
    return text.replace("\"", "'");
  }

  /** Tells when a program is to run as another user. */
  void userOf(Statement statement, String wanted) {
    if (!wanted.equals(user)) {
      diagnostics.warning(
          statement.position(),
          statement.name()
              + ": user "
              + Diagnostics.quoted(wanted)
              + " (expected: "
              + Diagnostics.quoted(user)
              + ", whom the application runs as; arguments belong into the quotes of the command)");
    }
  }
}
