package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How often a master tells the link that a virtual address is its own, by gratuitous ARP or
 * unsolicited neighbour advertisement.
 *
 * <p>Immutable; each setter returns a changed copy. Values are checked when the instance is built.
 */
public final class Announcements {
  private static final Announcements DEFAULTS =
      new Announcements(
          5,
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          1,
          OptionalInt.empty(),
          Optional.empty(),
          Duration.ZERO);

  private final int repeat;
  private final Duration delay;
  private final Duration refresh;
  private final int refreshRepeat;
  private final OptionalInt lowerPriorityRepeat;
  private final Optional<Duration> lowerPriorityDelay;
  private final Duration spacing;

  private Announcements(
      int repeat,
      Duration delay,
      Duration refresh,
      int refreshRepeat,
      OptionalInt lowerPriorityRepeat,
      Optional<Duration> lowerPriorityDelay,
      Duration spacing) {
    this.repeat = repeat;
    this.delay = Objects.requireNonNull(delay, "delay");
    this.refresh = Objects.requireNonNull(refresh, "refresh");
    this.refreshRepeat = refreshRepeat;
    this.lowerPriorityRepeat = lowerPriorityRepeat;
    this.lowerPriorityDelay = lowerPriorityDelay;
    this.spacing = Objects.requireNonNull(spacing, "spacing");
  }

  /**
   * Returns the defaults: 5 for each address at once, 5 more after 5 s, one every second. The last
   * is where keepalived does nothing. It is what leads the link back after a partition when the
   * other side's master gave way without a word, as keepalived does: nothing else tells of it.
   */
  public static Announcements defaults() {
    return DEFAULTS;
  }

  /** Returns the same with another size of bursts ({@code garp_master_repeat}): 1 to 100. */
  public Announcements repeat(int repeat) {
    return new Announcements(
        repeat, delay, refresh, refreshRepeat, lowerPriorityRepeat, lowerPriorityDelay, spacing);
  }

  /**
   * Returns the same with another time to the second burst ({@code garp_master_delay}): 0 (no
   * second burst) to 1 h.
   */
  public Announcements delay(Duration delay) {
    return new Announcements(
        repeat, delay, refresh, refreshRepeat, lowerPriorityRepeat, lowerPriorityDelay, spacing);
  }

  /** Returns the same with periodic announcements: 0 (none) to 1 day apart, 1 to 100 each time. */
  public Announcements refresh(Duration refresh, int refreshRepeat) {
    return new Announcements(
        repeat, delay, refresh, refreshRepeat, lowerPriorityRepeat, lowerPriorityDelay, spacing);
  }

  /**
   * Returns the same with another burst for when a master hears one of lower priority ({@code
   * garp_lower_prio_repeat}, {@code garp_lower_prio_delay}): 0 to 100, and 0 to 1 h.
   */
  public Announcements onLowerPriority(int repeat, Duration delay) {
    return new Announcements(
        this.repeat,
        this.delay,
        refresh,
        refreshRepeat,
        OptionalInt.of(repeat),
        Optional.of(delay),
        spacing);
  }

  /**
   * Returns the same with a least time between two packets on one interface ({@code
   * vrrp_garp_interval}): 0 to 1 s.
   */
  public Announcements spacing(Duration spacing) {
    return new Announcements(
        repeat, delay, refresh, refreshRepeat, lowerPriorityRepeat, lowerPriorityDelay, spacing);
  }

  /** Returns how often each address is announced in a burst. */
  public int repeat() {
    return repeat;
  }

  /** Returns the time to the second burst; zero means there is none. */
  public Duration delay() {
    return delay;
  }

  /** Returns the time between periodic announcements; zero means there are none. */
  public Duration refresh() {
    return refresh;
  }

  /** Returns how often each address is announced each time. */
  public int refreshRepeat() {
    return refreshRepeat;
  }

  /** Returns the size of the burst after a lower-priority advert. */
  public int lowerPriorityRepeat() {
    return lowerPriorityRepeat.orElse(repeat);
  }

  /** Returns the time to the second burst after a lower-priority advert. */
  public Duration lowerPriorityDelay() {
    return lowerPriorityDelay.orElse(delay);
  }

  /** Returns the least time between two packets on one interface. */
  public Duration spacing() {
    return spacing;
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    var hour = Duration.ofHours(1);
    Limits.number(problems, "announcement repeat", repeat, 1, 100);
    Limits.duration(problems, "announcement delay", delay, Duration.ZERO, hour);
    Limits.duration(problems, "announcement refresh", refresh, Duration.ZERO, Duration.ofDays(1));
    Limits.number(problems, "announcement refresh repeat", refreshRepeat, 1, 100);
    Limits.number(problems, "announcement repeat on lower priority", lowerPriorityRepeat(), 0, 100);
    Limits.duration(
        problems,
        "announcement delay on lower priority",
        lowerPriorityDelay(),
        Duration.ZERO,
        hour);
    Limits.duration(
        problems, "announcement spacing", spacing, Duration.ZERO, Duration.ofSeconds(1));
    return problems;
  }

  private List<Object> fields() {
    return List.of(
        repeat, delay, refresh, refreshRepeat, lowerPriorityRepeat, lowerPriorityDelay, spacing);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Announcements that && fields().equals(that.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  @Override
  public String toString() {
    return repeat + " announcements, again after " + Limits.text(delay);
  }
}
