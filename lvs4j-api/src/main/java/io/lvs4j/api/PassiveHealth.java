package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When a real server that fails its connections is ejected, and for how long: it gets no new
 * connections for a while and comes back by itself. The model is Envoy's outlier detection.
 *
 * <p>A connection has failed when it was refused, could not be made within the virtual server's
 * connect timeout, or was reset by the real server before that had ended its side; for UDP, when
 * the real server's port was unreachable. One that ends in any other way, or a UDP session that
 * gets an answer, shows that the server is well. What the director itself lacks (descriptors,
 * ports) and what it noticed too late after a pause of the process counts as neither.
 *
 * <p>A server is ejected after {@link #consecutiveFailures} failures without a good connection in
 * between, for {@link #baseEjectionTime} times the number of its ejections, {@link
 * #maxEjectionTime} at most; each base ejection time that it serves without being ejected again
 * takes one off that number. An active check that sees the server come back up ends the ejection.
 * Ejected servers don't count for quorum.
 *
 * <p>No more than {@link #maxEjectionPercent} of the real servers that are up are ejected at any
 * time, rounded down: with 50 % one of two or three, and none where there is only one. If servers
 * go down so that it would be more, those whose time is over soonest come back at once.
 *
 * <p>Immutable; each setter returns a changed copy. Values are checked when the virtual server is
 * built. It takes a data plane that sees connections fail: the proxy plane.
 */
public record PassiveHealth(
    int consecutiveFailures,
    Duration baseEjectionTime,
    Duration maxEjectionTime,
    int maxEjectionPercent) {
  private static final PassiveHealth DEFAULT =
      new PassiveHealth(5, Duration.ofSeconds(30), Duration.ofMinutes(5), 50);

  /**
   * Returns the defaults: 5 failures in a row, 30 s times the number of ejections, 5 min at most,
   * no more than 50 % of the servers.
   */
  public static PassiveHealth defaults() {
    return DEFAULT;
  }

  /** Returns the same ejecting after so many failures in a row: 1 to 1000000. */
  public PassiveHealth consecutiveFailures(int failures) {
    return new PassiveHealth(failures, baseEjectionTime, maxEjectionTime, maxEjectionPercent);
  }

  /** Returns the same with another time of a first ejection: 10 ms to 1 h. */
  public PassiveHealth baseEjectionTime(Duration time) {
    return new PassiveHealth(consecutiveFailures, time, maxEjectionTime, maxEjectionPercent);
  }

  /** Returns the same with another bound of an ejection: the base ejection time to 1 day. */
  public PassiveHealth maxEjectionTime(Duration time) {
    return new PassiveHealth(consecutiveFailures, baseEjectionTime, time, maxEjectionPercent);
  }

  /** Returns the same ejecting at most this share of the servers that are up: 1 to 100 %. */
  public PassiveHealth maxEjectionPercent(int percent) {
    return new PassiveHealth(consecutiveFailures, baseEjectionTime, maxEjectionTime, percent);
  }

  /** Returns what is wrong with the settings; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.number(problems, "consecutive failures", consecutiveFailures, 1, 1_000_000);
    Ranges.duration(
        problems,
        "base ejection time",
        baseEjectionTime,
        Duration.ofMillis(10),
        Duration.ofHours(1));
    Ranges.duration(
        problems, "max ejection time", maxEjectionTime, baseEjectionTime, Duration.ofDays(1));
    Ranges.number(problems, "max ejection percent", maxEjectionPercent, 1, 100);
    return problems.stream().map(problem -> problem.within("passive health")).toList();
  }
}
