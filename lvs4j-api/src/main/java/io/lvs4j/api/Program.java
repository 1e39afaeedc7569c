package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program that is run without a shell, whom as, and whether its path has to be secure.
 *
 * <p>A program that runs as root (or with group 0, or that is set-user-ID root) is refused when
 * somebody else could change it: when any directory or symbolic link on the way to it, or the file
 * itself, isn't root's own, or is writable by a group other than root's or by others, a directory
 * with the sticky bit aside. keepalived calls that {@code enable_script_security} and asks for it;
 * here it holds unless {@link #withoutSecurity()} is said. It is looked at each time before the
 * program is run. Only root could change any of the path in between; what the program itself reads
 * and runs is its author's affair.
 *
 * @param command the program and its arguments; a name without a slash is looked for in {@code
 *     PATH}
 * @param user the user, or user and group as {@code user:group}, to run it as, with the user's
 *     supplementary groups; needs a JVM that is root, and {@code setpriv} of util-linux. Without
 *     one it runs as the JVM does
 * @param isSecured whether it is refused when it runs as root and somebody else could change it
 */
public record Program(List<String> command, Optional<String> user, boolean isSecured) {
  private static final Pattern USER =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?(:[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?)?");

  /** Copies the command. */
  public Program {
    command = List.copyOf(command);
    Objects.requireNonNull(user, "user");
  }

  /** Returns a program with these arguments that runs as the JVM does. */
  public static Program of(String... command) {
    return of(List.of(command));
  }

  /** Returns a program with these arguments that runs as the JVM does. */
  public static Program of(List<String> command) {
    return new Program(command, Optional.empty(), true);
  }

  /** Returns the same run as this user, or user and group as {@code user:group}. */
  public Program user(String user) {
    return new Program(command, Optional.of(user), isSecured);
  }

  /** Returns the same, run even where somebody else than root could change what root runs. */
  public Program withoutSecurity() {
    return new Program(command, user, false);
  }

  /** Returns whether this host knows a user of this name. */
  public static boolean hasUser(String name) {
    return Account.exists(name);
  }

  /** Returns the same with more arguments. */
  public Program with(String... more) {
    var all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return new Program(all, user, isSecured);
  }

  /** Returns what is wrong with the value itself; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (command.isEmpty() || command.getFirst().isBlank()) {
      problems.add(new Problem("command", command.toString(), "a program and its arguments"));
    }
    user.filter(name -> !USER.matcher(name).matches())
        .ifPresent(
            name -> problems.add(new Problem("user", "\"" + name + "\"", "a user, or user:group")));
    return problems;
  }

  /**
   * Returns why this host wouldn't run it now: it isn't there, the user can't execute it or doesn't
   * exist, or its path isn't secure; empty if it would.
   */
  public Optional<String> refusal() {
    return ProgramFile.of(this).refusal();
  }

  /**
   * Returns why somebody else than root could change what root would run, whether or not it {@link
   * #isSecured}; empty if nobody could, or if it doesn't run as root.
   */
  public Optional<String> insecurity() {
    return ProgramFile.of(this).insecurity();
  }

  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
