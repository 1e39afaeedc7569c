package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import io.lvs4j.api.Program;
import io.lvs4j.api.Ranges;
import io.lvs4j.api.VirtualServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Something whose health decides whether an instance may be master. Without a weight the instance
 * is in FAULT while it fails; with one the priority changes: a positive weight is added while it is
 * good, a negative one while it is not.
 *
 * <p>Immutable; each setter returns a changed copy. Values are checked when the instance is built.
 */
public final class Tracker {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final String name;
  private final TrackerSource source;
  private final int weight;
  private final boolean reversed;
  private final Duration interval;
  private final Duration timeout;
  private final int rise;
  private final int fall;
  private final boolean failedAtFirst;

  private Tracker(
      String name,
      TrackerSource source,
      int weight,
      boolean reversed,
      Duration interval,
      Duration timeout,
      int rise,
      int fall,
      boolean failedAtFirst) {
    this.name = Objects.requireNonNull(name, "name");
    this.source = Objects.requireNonNull(source, "source");
    this.weight = weight;
    this.reversed = reversed;
    this.interval = Objects.requireNonNull(interval, "interval");
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    this.rise = rise;
    this.fall = fall;
    this.failedAtFirst = failedAtFirst;
  }

  private static Tracker of(String name, TrackerSource source, int weight) {
    var second = Duration.ofSeconds(1);
    return new Tracker(name, source, weight, false, second, second, 1, 1, false);
  }

  /** Tracks an interface. */
  public static Tracker networkInterface(String name) {
    return of(name, new TrackerSource.NetworkInterface(name), 0);
  }

  /** Tracks the quorum of a virtual server of the director that runs the instance. */
  public static Tracker quorum(VirtualServer virtualServer) {
    return of(
        "quorum of " + virtualServer.id(),
        new TrackerSource.Quorum(Optional.of(virtualServer.id())),
        0);
  }

  /** Tracks whether all virtual servers of the director that runs the instance have quorum. */
  public static Tracker directorHealth() {
    return of("director health", new TrackerSource.Quorum(Optional.empty()), 0);
  }

  /** Asks a question every second. */
  public static Tracker check(String name, BooleanSupplier question) {
    return of(name, new TrackerSource.Check(question), 0);
  }

  /** Reads an offset to the priority every second; -254 or less is FAULT. */
  public static Tracker offset(String name, IntSupplier number) {
    return of(name, new TrackerSource.Offset(number), 1);
  }

  /** Runs a program every second. */
  public static Tracker script(String name, String... command) {
    return script(name, Program.of(command));
  }

  /** Runs a program every second, as whom it says. */
  public static Tracker script(String name, Program program) {
    return of(name, new TrackerSource.Script(program), 0);
  }

  /** Reads an offset to the priority from a file when it changes; -254 or less is FAULT. */
  public static Tracker file(String name, Path path) {
    return of(name, new TrackerSource.File(path), 1);
  }

  /**
   * Returns the same with a weight of -253 to 253; 0 makes it a matter of FAULT. The number of an
   * offset or a file is multiplied by it.
   */
  public Tracker weight(int weight) {
    return new Tracker(
        name, source, weight, reversed, interval, timeout, rise, fall, failedAtFirst);
  }

  /** Returns the same turned round: the sign of the weight, or what is good, is exchanged. */
  public Tracker reversed() {
    return new Tracker(name, source, weight, true, interval, timeout, rise, fall, failedAtFirst);
  }

  /** Returns the same, asked this often: 1 ms to 1 h. A timeout equal to the old one follows. */
  public Tracker every(Duration interval) {
    return new Tracker(
        name,
        source,
        weight,
        reversed,
        interval,
        timeout.equals(this.interval) ? interval : timeout,
        rise,
        fall,
        failedAtFirst);
  }

  /** Returns the same with another time after which no answer is a failure: 1 ms to 1 h. */
  public Tracker timeout(Duration timeout) {
    return new Tracker(
        name, source, weight, reversed, interval, timeout, rise, fall, failedAtFirst);
  }

  /** Returns the same, good after this many good answers in a row: 1 to 1000. */
  public Tracker rise(int rise) {
    return new Tracker(
        name, source, weight, reversed, interval, timeout, rise, fall, failedAtFirst);
  }

  /** Returns the same, bad after this many bad answers in a row: 1 to 1000. */
  public Tracker fall(int fall) {
    return new Tracker(
        name, source, weight, reversed, interval, timeout, rise, fall, failedAtFirst);
  }

  /** Returns the same, taken as failed until the first good answers ({@code init_fail}). */
  public Tracker failedAtFirst() {
    return new Tracker(name, source, weight, reversed, interval, timeout, rise, fall, true);
  }

  /** Returns the name that messages and events use. */
  public String name() {
    return name;
  }

  /** Returns what is looked at. */
  public TrackerSource source() {
    return source;
  }

  /** Returns the weight. */
  public int weight() {
    return weight;
  }

  /** Says whether the sign of the weight, or what is good, is exchanged. */
  public boolean isReversed() {
    return reversed;
  }

  /** Returns the time from one look to the next. */
  public Duration interval() {
    return interval;
  }

  /** Returns the time after which no answer is a failure. */
  public Duration timeout() {
    return timeout;
  }

  /** Returns how many good answers in a row make it good. */
  public int rise() {
    return rise;
  }

  /** Returns how many bad answers in a row make it bad. */
  public int fall() {
    return fall;
  }

  /** Says whether it is taken as failed until found otherwise. */
  public boolean isFailedAtFirst() {
    return failedAtFirst;
  }

  /** Says whether it changes the priority rather than lead to FAULT. */
  public boolean isWeighted() {
    return weight != 0;
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    var least = Duration.ofMillis(1);
    Ranges.number(problems, "weight", weight, -253, 253);
    Ranges.duration(problems, "interval", interval, least, LONGEST);
    Ranges.duration(problems, "timeout", timeout, least, LONGEST);
    Ranges.number(problems, "rise", rise, 1, 1000);
    Ranges.number(problems, "fall", fall, 1, 1000);
    switch (source) {
      case TrackerSource.NetworkInterface(String device) ->
          NetworkInterfaceName.check(problems, "interface", device);
      case TrackerSource.Script(Program program) -> problems.addAll(program.problems());
      case TrackerSource.Check _,
          TrackerSource.Offset _,
          TrackerSource.File _,
          TrackerSource.Quorum _ -> {
        // Any question, number, path or virtual server will do.
      }
    }
    return problems.stream().map(problem -> problem.within("tracker " + name)).toList();
  }

  private List<Object> fields() {
    return List.of(name, source, weight, reversed, interval, timeout, rise, fall, failedAtFirst);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tracker that && fields().equals(that.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  @Override
  public String toString() {
    return name + (isWeighted() ? " weight " + weight : "") + (reversed ? " reverse" : "");
  }
}
