package io.lvs4j.vrrp.simulation;

import io.lvs4j.vrrp.machine.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An Ethernet link that may be split, and may lose, double and delay what is sent. At each router's
 * socket there is a client too, which believes the last announcement that it heard.
 */
final class Link {
  static final Duration LATENCY = Duration.ofNanos(200_000);

  private final Timeline time;
  private final RandomGenerator random;
  private final List<SimulatedRouter> routers = new ArrayList<>();
  private final List<Integer> sides = new ArrayList<>();
  private final List<SimulatedRouter> believed = new ArrayList<>();
  private double loss;
  private double doubling;
  private Duration jitter = Duration.ZERO;
  private int epoch;

  Link(Timeline time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  void add(SimulatedRouter router) {
    routers.add(router);
    sides.add(0);
    believed.add(router);
  }

  void makeNoisy(double loss, double doubling, Duration jitter) {
    this.loss = loss;
    this.doubling = doubling;
    this.jitter = jitter;
  }

  /** From now on everything arrives, once and in order; what was on the way is lost. */
  void makeQuiet() {
    makeNoisy(0, 0, Duration.ZERO);
    epoch++;
  }

  void split(int sideCount) {
    sides.replaceAll(side -> random.nextInt(sideCount));
  }

  void heal() {
    sides.replaceAll(side -> 0);
  }

  List<List<SimulatedRouter>> sides() {
    return sides.stream().distinct().map(this::onSide).toList();
  }

  private List<SimulatedRouter> onSide(int side) {
    return routers.stream().filter(router -> sideOf(router) == side).toList();
  }

  private int sideOf(SimulatedRouter router) {
    return sides.get(routers.indexOf(router));
  }

  SimulatedRouter believedBy(SimulatedRouter neighbour) {
    return believed.get(routers.indexOf(neighbour));
  }

  void advertise(SimulatedRouter sender, Heard advert) {
    for (var receiver : onSide(sideOf(sender))) {
      if (receiver != sender) {
        int copies = random.nextDouble() < doubling ? 2 : 1;
        for (int i = 0; i < copies; i++) {
          carry(sender, receiver, () -> receiver.receive(advert));
        }
      }
    }
  }

  void announce(SimulatedRouter sender) {
    for (var receiver : onSide(sideOf(sender))) {
      carry(sender, receiver, () -> believed.set(routers.indexOf(receiver), sender));
    }
  }

  private void carry(SimulatedRouter sender, SimulatedRouter receiver, Runnable arrival) {
    if (random.nextDouble() < loss) {
      return;
    }
    int sentIn = epoch;
    var delay = LATENCY;
    if (!jitter.isZero()) {
      delay = delay.plusNanos(random.nextLong(jitter.toNanos()));
    }
    time.after(
        delay,
        () -> {
          if (sentIn == epoch && sideOf(sender) == sideOf(receiver)) {
            arrival.run();
          }
        });
  }
}
