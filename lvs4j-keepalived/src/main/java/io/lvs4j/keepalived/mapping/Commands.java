package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.syntax.ShellWords;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads commands: the word behind the keyword, which is in quotes when it has arguments; then,
 * perhaps, the user and the group to run it as.
 */
final class Commands {
  private static final Set<String> SHELL =
      Set.of("&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1", "2>/dev/null", ">/dev/null");

  private final Diagnostics diagnostics;
  private final String user;
  private Optional<String> scriptUser = Optional.empty();

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
    var quiet = new Commands(other, user);
    quiet.scriptUser = scriptUser;
    return quiet;
  }

  /** Takes the user of scripts that name none. */
  void scriptUser(String name) {
    scriptUser = Optional.of(name);
  }

  /** Returns the command behind a keyword that may have a user behind it. */
  Optional<ScriptCommand> command(Statement statement) {
    var outer = ShellWords.of(statement.rest().text());
    var wanted = outer.size() > 1 ? Optional.of(outer.get(1)) : scriptUser;
    return command(statement, outer).filter(_ -> mayRunFor(statement, wanted));
  }

  /** Returns the command behind a keyword that has nothing behind it. */
  Optional<ScriptCommand> lonelyCommand(Statement statement) {
    var outer = ShellWords.of(statement.rest().text());
    if (outer.size() > 1) {
      diagnostics.warning(
          statement.position(),
          statement.name()
              + ": "
              + Diagnostics.quoted(outer.get(1))
              + " and what follows is left out (expected: arguments within the quotes of the"
              + " command)");
    }
    return command(statement, outer);
  }

  private Optional<ScriptCommand> command(Statement statement, List<String> outer) {
    var words = outer.isEmpty() ? outer : ShellWords.of(outer.getFirst());
    if (words.isEmpty() || words.getFirst().isBlank()) {
      diagnostics.error(statement.position(), statement.name() + ": none (expected: a program)");
      return Optional.empty();
    }
    words.stream()
        .skip(1)
        .filter(SHELL::contains)
        .findFirst()
        .ifPresent(word ->
            diagnostics.warning(
                statement.position(),
                statement.name()
                    + ": "
                    + Diagnostics.quoted(word)
                    + " is an argument of "
                    + words.getFirst()
                    + ", for there is no shell (expected: /bin/sh -c '...')"));
    return Optional.of(new ScriptCommand(words));
  }

  /**
   * Says whether a program may run although it should run as this user. It always runs as the
   * application's own: with fewer rights than were meant for it, but never with more.
   */
  boolean mayRunFor(Statement statement, Optional<String> wanted) {
    if (wanted.isEmpty() || wanted.get().equals(user)) {
      return true;
    }
    String text =
        statement.name()
            + ": user "
            + Diagnostics.quoted(wanted.get())
            + " (expected: "
            + Diagnostics.quoted(user)
            + ", whom the application runs as";
    if (user.equals("root")) {
      diagnostics.error(
          statement.position(), text + "); it would have more rights, and is left out");
      return false;
    }
    diagnostics.warning(statement.position(), text + ", and the program with it)");
    return true;
  }

  /**
   * Returns whom a program is to be run as that can be run as somebody else: nobody else than the
   * application's own user if that is not root, which is told.
   */
  Optional<String> otherUser(Statement statement, Optional<String> own) {
    var wanted = own.or(() -> scriptUser).filter(name -> !name.equals(user));
    if (wanted.isEmpty() || user.equals("root")) {
      return wanted;
    }
    var _ = mayRunFor(statement, wanted);
    return Optional.empty();
  }

  /** Returns the user behind a keyword, and the group behind that as {@code user:group}. */
  static Optional<String> user(Statement statement, Values values) {
    var words = statement.arguments();
    if (words.isEmpty()) {
      values.word(statement, "a user");
      return Optional.empty();
    }
    values.nothingBehind(statement, 2);
    return Optional.of(
        words.getFirst().text() + (words.size() > 1 ? ":" + words.get(1).text() : ""));
  }

  /** The same for programs that name no user. */
  boolean mayRun(Statement statement) {
    return mayRunFor(statement, scriptUser);
  }
}
