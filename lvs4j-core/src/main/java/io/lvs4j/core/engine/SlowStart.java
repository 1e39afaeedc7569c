package io.lvs4j.core.engine;

import io.lvs4j.api.Problem;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The growing weight of a server that came back.
 *
 * <p>Weights are whole numbers, so a server of weight 1 has no smaller one to grow from. Where slow
 * start is asked for, all weights of the virtual server are therefore multiplied by one factor; the
 * schedulers for which that makes no other difference are named here, and no others are taken.
 */
final class SlowStart {
  private static final Set<String> BY_PROPORTION =
      Set.of("wrr", "wlc", "sed", "nq", "lblc", "lblcr", "twos", "custom");
  private static final int STEPS = 100;

  private SlowStart() {}

  /** Returns the problem of a scheduler that doesn't go by proportion of weights. */
  static Stream<Problem> unsupported(VirtualServer definition) {
    var name = definition.scheduler().map(Scheduler::name).orElse("wlc");
    if (definition.slowStart().isZero() || BY_PROPORTION.contains(name)) {
      return Stream.empty();
    }
    return Stream.of(
        new Problem(
            "virtual server " + definition.id() + ": slow start",
            "with scheduler " + name,
            "one that goes by proportion of weights: wrr, wlc, sed, nq, lblc, lblcr, twos or your"
                + " own"));
  }

  /** Returns by what all weights of a virtual server are multiplied. */
  static int factor(VirtualServer definition, List<Integer> weights) {
    int heaviest = weights.stream().mapToInt(Integer::intValue).max().orElse(0);
    if (definition.slowStart().isZero() || heaviest == 0 || heaviest >= STEPS) {
      return 1;
    }
    return STEPS;
  }

  /**
   * Returns the weight of a server some time after it came back: it grows in a straight line, at
   * least 1 as long as the full weight is.
   */
  static int weight(int full, long sinceUp, Duration slowStart) {
    long whole = slowStart.toNanos();
    if (full == 0 || sinceUp >= whole) {
      return full;
    }
    return (int) Math.max(1, Math.floor(full * (Math.max(0, sinceUp) / (double) whole)));
  }

  /** Returns how long to wait between two steps. */
  static Duration step(Duration slowStart) {
    var step = slowStart.dividedBy(STEPS);
    var least = Duration.ofMillis(50);
    return step.compareTo(least) < 0 ? least : step;
  }
}
