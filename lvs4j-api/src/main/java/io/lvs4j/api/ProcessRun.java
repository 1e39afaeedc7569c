package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * @param program the program and its arguments, and whom it runs as
 * @param timeout how long it may run, 1 ms to 1 h; without it the check's delay loop
 * @param isDynamic whether a status from 2 to 255 is good too and makes the weight of the real
 *     server the status less 2 ({@code misc_dynamic}); status 0 leaves the configured weight
 */
public record ProcessRun(Program program, Optional<Duration> timeout, boolean isDynamic)
    implements Probe {
  public ProcessRun {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(timeout, "timeout");
  }

  /** Returns a probe that runs this program with these arguments. */
  public static ProcessRun of(String... command) {
    return of(Program.of(command));
  }

  /** Returns a probe that runs this program. */
  public static ProcessRun of(Program program) {
    return new ProcessRun(program, Optional.empty(), false);
  }

  /** Returns the same with another time that the program may take: 1 ms to 1 h. */
  public ProcessRun timeout(Duration timeout) {
    return new ProcessRun(program, Optional.of(timeout), isDynamic);
  }

  /** Returns the same letting the status set the weight. */
  public ProcessRun dynamic() {
    return new ProcessRun(program, timeout, true);
  }

  /** Returns the same run as this user, or user and group as {@code user:group}. */
  public ProcessRun user(String user) {
    return new ProcessRun(program.user(user), timeout, isDynamic);
  }

  @Override
  public String name() {
    return "MISC_CHECK";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>(program.problems());
    timeout.ifPresent(value ->
        Ranges.duration(problems, "timeout", value, Duration.ofMillis(1), Duration.ofHours(1)));
    return problems;
  }

  @Override
  public String toString() {
    return name() + " " + program;
  }
}
