package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.Program;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.syntax.ShellWords;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads commands: the word behind the keyword, which is in quotes when it has arguments; then,
 * perhaps, the user and the group to run it as. A program that wouldn't be run is told and left
 * out, as keepalived does it.
 */
final class Commands {
  private static final Set<String> SHELL =
      Set.of("&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1", "2>/dev/null", ">/dev/null");

  /** keepalived has a shell run what begins like this: the opening of a file is the whole test. */
  private static final String REDIRECTION = "</";

  private static final String DEFAULT_USER = "keepalived_script";

  private final Diagnostics diagnostics;
  private final ScriptRules rules;
  private Optional<String> scriptUser = Optional.empty();
  private boolean secured = true;

  /**
   * Who runs scripts, and where.
   *
   * @param user who the process runs as
   * @param onThisHost whether the file is for this host, so that programs and users are looked for
   */
  record ScriptRules(String user, boolean onThisHost) {}

  Commands(Diagnostics diagnostics, ScriptRules rules) {
    this.diagnostics = diagnostics;
    this.rules = rules;
  }

  /** Returns the same, telling it elsewhere. */
  Commands to(Diagnostics other) {
    var quiet = new Commands(other, rules);
    quiet.scriptUser = scriptUser;
    quiet.secured = secured;
    return quiet;
  }

  /** Takes the user of scripts that name none, {@code user} or {@code user:group}. */
  void scriptUser(String name) {
    scriptUser = Optional.of(name);
  }

  /** Takes whether programs of root have to be secure. */
  void secured(boolean on) {
    secured = on;
  }

  /** Returns the command behind a keyword that may have a user behind it. */
  Optional<ScriptCommand> command(Statement statement) {
    var outer = ShellWords.of(statement.rest().text());
    var own =
        outer.size() > 1
            ? Optional.of(outer.get(1) + (outer.size() > 2 ? ":" + outer.get(2) : ""))
            : Optional.<String>empty();
    return words(statement, outer).flatMap(words -> runnable(statement, words, own));
  }

  /** Returns the words behind a keyword that has nothing behind it. */
  Optional<List<String>> lonelyCommand(Statement statement) {
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
    return words(statement, outer);
  }

  private Optional<List<String>> words(Statement statement, List<String> outer) {
    var words = outer.isEmpty() ? outer : ShellWords.of(outer.getFirst());
    if (words.isEmpty() || words.getFirst().isBlank()) {
      diagnostics.error(statement.position(), statement.name() + ": none (expected: a program)");
      return Optional.empty();
    }
    if (words.getFirst().startsWith(REDIRECTION)) {
      return Optional.of(List.of("/bin/sh", "-c", outer.getFirst()));
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
    return Optional.of(words);
  }

  /**
   * Returns the program as it is to be run; empty, and told, if this host wouldn't run it.
   *
   * @param own the user that the keyword or its block names
   */
  Optional<ScriptCommand> runnable(Statement statement, List<String> words, Optional<String> own) {
    var plain = secured ? Program.of(words) : Program.of(words).withoutSecurity();
    var program = otherUser(statement, own).map(plain::user).orElse(plain);
    var problems = program.problems();
    diagnostics.errors(statement.position(), problems);
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return rules.onThisHost && isRefused(statement, program)
        ? Optional.empty()
        : Optional.of(new ScriptCommand(program));
  }

  private boolean isRefused(Statement statement, Program program) {
    var refusal = program.refusal();
    if (refusal.isPresent()) {
      diagnostics.error(
          statement.position(),
          statement.name() + ": " + refusal.get() + "; the program is left out");
      return true;
    }
    var insecurity = program.insecurity();
    insecurity.ifPresent(why ->
        diagnostics.warning(
            statement.position(),
            statement.name()
                + ": "
                + why
                + ", and it runs as root (enable_script_security is off)"));
    if (!program.command().getFirst().contains("/")) {
      diagnostics.note(
          statement.position(),
          statement.name()
              + ": "
              + Diagnostics.quoted(program.command().getFirst())
              + " is looked for in PATH (expected: its whole path)");
    }
    return false;
  }

  /**
   * Returns whom a program is to be run as, if not as the application. An application that isn't
   * root can't be anybody else: the program then has fewer rights than were meant for it, which is
   * told, and never more.
   */
  private Optional<String> otherUser(Statement statement, Optional<String> own) {
    var wanted =
        own.or(() -> scriptUser).or(this::defaultUser).filter(name -> !name.equals(rules.user));
    if (wanted.isEmpty() || rules.user.equals("root")) {
      return wanted;
    }
    diagnostics.warning(
        statement.position(),
        statement.name()
            + ": user "
            + Diagnostics.quoted(wanted.get())
            + " (expected: "
            + Diagnostics.quoted(rules.user)
            + ", whom the application runs as, and the program with it)");
    return Optional.empty();
  }

  /** Says whether there is a user, and tells if not. Of another host nobody can know. */
  boolean isUser(Word word, String keyword, String userAndGroup) {
    if (!rules.onThisHost || Program.hasUser(userAndGroup)) {
      return true;
    }
    diagnostics.error(
        word.position(),
        keyword
            + ": "
            + Diagnostics.quoted(userAndGroup.replace(':', ' '))
            + " (expected: a user of this host, and a group of it); the pipe is left out");
    return false;
  }

  /**
   * Returns whose a pipe is to be, if not the application's, who can't give it away but as root.
   */
  Optional<String> owner(Statement statement, String wanted) {
    if (wanted.equals(rules.user)) {
      return Optional.empty();
    }
    if (rules.user.equals("root")) {
      return Optional.of(wanted);
    }
    diagnostics.warning(
        statement.position(),
        statement.name()
            + ": user "
            + Diagnostics.quoted(wanted.replace(':', ' '))
            + " (expected: "
            + Diagnostics.quoted(rules.user)
            + ", whom the application runs as, and whose the pipe is)");
    return Optional.empty();
  }

  /** Returns whose a pipe is that names nobody: whom scripts run as, if not as the application. */
  Optional<String> owner() {
    return scriptUser
        .or(this::defaultUser)
        .filter(name -> rules.user.equals("root") && !name.equals(rules.user));
  }

  private Optional<String> defaultUser() {
    return rules.onThisHost && rules.user.equals("root") && Program.hasUser(DEFAULT_USER)
        ? Optional.of(DEFAULT_USER)
        : Optional.empty();
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
}
