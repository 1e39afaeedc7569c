package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * keepalived's MISC_CHECK: a program is run, without a shell, and the real server is well when it
 * ends with status 0.
 *
 * <p>The JDK doesn't tell a program that was killed by a signal from one that ended with status 128
 * plus the signal's number: 129 to 159 are failures, so that weights from 127 to 157 can't be
 * given.
 *
 * <p>A program that takes too long gets SIGTERM, and SIGKILL 2 s later, and so does all that it has
 * started: it runs in a session of its own where there is a {@code setsid} program (util-linux); in
 * its absence those are ended that can be found as its descendants. Its output is thrown away. The
 * next run is counted from the begin of the last one.
 *
 * @param command the program and its arguments
 * @param timeout how long it may run, 1 ms to 1 h; without it the check's delay loop
 * @param isDynamic whether a status from 2 to 255 is good too and makes the weight of the real
 *     server the status less 2 ({@code misc_dynamic}); status 0 leaves the configured weight
 * @param user the user, or user and group as {@code user:group}, that it runs as; needs a JVM that
 *     is root, and the program {@code runuser} (util-linux)
 */
public record ProcessRun(
    List<String> command, Optional<Duration> timeout, boolean isDynamic, Optional<String> user)
    implements Probe {
  public ProcessRun {
    command = List.copyOf(command);
  }

  /** Returns a probe that runs this program with these arguments. */
  public static ProcessRun of(String... command) {
    return new ProcessRun(List.of(command), Optional.empty(), false, Optional.empty());
  }

  /** Returns the same with another time that the program may take: 1 ms to 1 h. */
  public ProcessRun timeout(Duration timeout) {
    return new ProcessRun(command, Optional.of(timeout), isDynamic, user);
  }

  /** Returns the same letting the status set the weight. */
  public ProcessRun dynamic() {
    return new ProcessRun(command, timeout, true, user);
  }

  /** Returns the same run as this user, or user and group as {@code user:group}. */
  public ProcessRun user(String user) {
    return new ProcessRun(command, timeout, isDynamic, Optional.of(user));
  }

  @Override
  public String name() {
    return "MISC_CHECK";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (command.isEmpty() || command.getFirst().isBlank()) {
      problems.add(new Problem("command", command.toString(), "a program and its arguments"));
    }
    timeout.ifPresent(value ->
        Ranges.duration(problems, "timeout", value, Duration.ofMillis(1), Duration.ofHours(1)));
    user.filter(name -> !name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?"))
        .ifPresent(
            name -> problems.add(new Problem("user", "\"" + name + "\"", "a user, or user:group")));
    return problems;
  }

  @Override
  public String toString() {
    return name() + " " + String.join(" ", command);
  }
}
