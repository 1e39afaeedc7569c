package io.lvs4j.vrrp.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.Instances;
import io.lvs4j.vrrp.machine.Tracked;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One random history of a virtual router: a time of trouble, a time of quiet in which the link may
 * still be split, and a time after it has healed, in which first the master stands still and then a
 * backup is alone and starved of time.
 */
final class History {
  private static final int REFRESH_INTERVALS = 6;

  private final RandomGenerator random;
  private final Timeline time = new Timeline();
  private final Link link;
  private final List<SimulatedRouter> routers = new ArrayList<>();
  private final VrrpVersion version;
  private final Duration longestInterval;
  private final boolean mixed;
  private final boolean preempting;

  History(RandomGenerator random) {
    this.random = random;
    this.link = new Link(time, random);
    this.version = random.nextInt(4) == 0 ? VrrpVersion.V2 : VrrpVersion.V3;
    var interval =
        version == VrrpVersion.V2
            ? Duration.ofSeconds(1)
            : List.of(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1))
                .get(random.nextInt(3));
    this.mixed = version == VrrpVersion.V3 && random.nextInt(5) == 0;
    this.longestInterval = mixed ? interval.multipliedBy(3) : interval;
    this.preempting = random.nextInt(4) != 0;
    boolean withSilentOnes = random.nextInt(4) == 0;
    int count = 2 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      var own = mixed ? interval.multipliedBy(1 + random.nextInt(3)) : interval;
      // The addresses go round the sign bit, so that a signed comparison would be found out.
      var source = InetAddress.ofLiteral((124 + i) + ".0.0.1");
      var router = new SimulatedRouter(instance(own, withSilentOnes), source, time, link);
      routers.add(router);
      link.add(router);
    }
  }

  private VrrpInstance instance(Duration interval, boolean withSilentOnes) {
    var builder =
        Instances.version3()
            .version(version)
            .advertisementInterval(interval)
            .priority(priority())
            .announcements(
                Announcements.defaults()
                    .delay(interval.multipliedBy(2))
                    .refresh(longestInterval.multipliedBy(REFRESH_INTERVALS), 1));
    if (!preempting) {
      builder.noPreempt().startAsBackup();
    }
    if (random.nextInt(4) == 0) {
      builder.releaseAtOnce();
    }
    if (withSilentOnes && random.nextBoolean()) {
      // That is keepalived, unless it is told otherwise.
      builder.stepDownSilently();
    }
    return builder.build();
  }

  /** Few different priorities, so that equal ones are common. */
  private int priority() {
    return switch (random.nextInt(8)) {
      case 0 -> 255;
      case 1 -> 1 + random.nextInt(254);
      case 2, 3 -> 254;
      case 4, 5 -> 100;
      default -> 150;
    };
  }

  void run() {
    trouble();
    quietAfterTrouble();
    heal();
    stallOfTheMaster();
    starvation();
  }

  private void trouble() {
    link.makeNoisy(
        random.nextDouble() * 0.4,
        random.nextDouble() * 0.2,
        longestInterval.dividedBy(1 + random.nextInt(20)));
    routers.forEach(router -> time.after(upTo(2), router::start));
    int misfortunes = random.nextInt(12);
    for (int i = 0; i < misfortunes; i++) {
      time.after(upTo(14), this::misfortune);
    }
    time.run(longestInterval.multipliedBy(14));
  }

  private void misfortune() {
    var router = routers.get(random.nextInt(routers.size()));
    switch (random.nextInt(9)) {
      case 0, 1 -> link.split(1 + random.nextInt(3));
      case 2 -> link.heal();
      case 3, 4 -> {
        router.pause(random.nextBoolean());
        time.after(upTo(8), router::resume);
      }
      case 5 -> {
        router.kill();
        time.after(upTo(4), router::start);
      }
      case 6 -> {
        router.shutDown();
        time.after(upTo(4), router::start);
      }
      case 7 -> router.track(Tracked.offset(random.nextInt(101) - 50));
      default -> {
        router.track(Tracked.fault("a fault"));
        if (random.nextBoolean()) {
          time.after(upTo(4), () -> router.track(Tracked.GOOD));
        }
      }
    }
  }

  private Duration upTo(int intervals) {
    return Duration.ofNanos(random.nextLong(intervals * longestInterval.toNanos()));
  }

  private void quietAfterTrouble() {
    // What was put off by the trouble comes to its end first, and so does who waits for a
    // successor.
    time.run(longestInterval.multipliedBy(8).plus(Duration.ofMillis(100)));
    routers.forEach(SimulatedRouter::resume);
    routers.forEach(SimulatedRouter::start);
    link.makeQuiet();
    time.run(settlingTime());
    assertOneMasterOnEachSide();
    assertThatNothingMoves(longestInterval.multipliedBy(2));
    time.run(longestInterval.multipliedBy(REFRESH_INTERVALS));
    assertThatClientsFindTheMaster(routers);
  }

  private void heal() {
    // A side without a master has nobody whom the winner could hear and answer. A master that steps
    // down without a word is heard by chance only, but may announce itself to all before it does.
    boolean silent = holders().stream().anyMatch(SimulatedRouter::isSteppingDownSilently);
    var served =
        link.sides().stream()
            .filter(side -> !silent && side.stream().anyMatch(SimulatedRouter::isHolding))
            .flatMap(List::stream)
            .toList();
    link.heal();
    for (int i = 0; i < 15; i++) {
      time.run(longestInterval.dividedBy(10));
      assertThatSomebodyHolds();
    }
    // One interval for the adverts to cross, and half of one to be sure.
    assertOneMasterOnEachSide();
    assertThatClientsFindTheMaster(served);
    assertThatNothingMoves(settlingTime());
    time.run(longestInterval.multipliedBy(REFRESH_INTERVALS));
    assertOneMasterOnEachSide();
    assertThatClientsFindTheMaster(routers);
  }

  /** The master stands still, and who took over meanwhile may be gone when it goes on. */
  private void stallOfTheMaster() {
    for (var master : holders()) {
      // Words of a successor that is gone would be obeyed for a while, were they unread.
      boolean gone = random.nextInt(3) == 0;
      master.pause(!gone && random.nextBoolean());
      time.run(upTo(9));
      if (gone) {
        successorsOf(master).forEach(SimulatedRouter::kill);
        time.run(Link.LATENCY.multipliedBy(2));
      }
      boolean succeeded = !successorsOf(master).isEmpty();
      master.resume();
      // Who has not heard of the first successor yet may still become another.
      time.run(Link.LATENCY);
      var successors = successorsOf(master);
      int claims = claims();
      // Without preemption it hears out the others for one interval first. What a router without a
      // last word announces at that very moment is put right by the second burst.
      boolean silent = routers.stream().anyMatch(SimulatedRouter::isSteppingDownSilently);
      time.run(longestInterval.multipliedBy(silent ? 7 : 3).dividedBy(2));
      assertOneMasterOnEachSide();
      assertThatClientsFindTheMaster(routers);
      // With unlike intervals it may go on before a slower successor speaks.
      if (!preempting && !mixed && !gone && succeeded) {
        assertThat(successors).as("the master after a stall").containsAll(holders());
        assertThat(claims()).as("claims in all, after the stall").isEqualTo(claims);
      }
    }
    routers.forEach(SimulatedRouter::start);
    time.run(settlingTime());
    assertOneMasterOnEachSide();
    assertThatClientsFindTheMaster(routers);
  }

  /** A backup is left alone by a host that is late for every deadline, but it does take over. */
  private void starvation() {
    var backups =
        routers.stream().filter(router -> router.isWell() && !router.isHolding()).toList();
    if (backups.isEmpty()) {
      return;
    }
    var last = backups.get(random.nextInt(backups.size()));
    routers.stream().filter(router -> router != last).forEach(SimulatedRouter::kill);
    var lateness = longestInterval.plus(upTo(2)).plusNanos(1);
    last.starve(lateness);
    // It is late, listens once more, and is late again.
    time.run(settlingTime().plus(lateness).multipliedBy(2));
    assertThat(last.isHolding()).as("%s is master at last", last).isTrue();
  }

  private List<SimulatedRouter> successorsOf(SimulatedRouter master) {
    return holders().stream().filter(holder -> holder != master).toList();
  }

  private List<SimulatedRouter> holders() {
    return routers.stream().filter(SimulatedRouter::isHolding).toList();
  }

  /** Three intervals, the longest skew time there is, and a little for the packets to arrive. */
  private Duration settlingTime() {
    var skew = version == VrrpVersion.V2 ? Duration.ofSeconds(1) : longestInterval;
    return longestInterval.multipliedBy(3).plus(skew).plus(Link.LATENCY.multipliedBy(20));
  }

  private void assertOneMasterOnEachSide() {
    for (var side : link.sides()) {
      var well = side.stream().filter(SimulatedRouter::isWell).toList();
      var masters = side.stream().filter(SimulatedRouter::isHolding).toList();
      assertThat(masters).as("masters among %s", side).hasSize(well.isEmpty() ? 0 : 1);
      if (!masters.isEmpty() && well.stream().allMatch(SimulatedRouter::isPreempting)) {
        var strongest = well.stream().map(SimulatedRouter::priority).max(Comparator.naturalOrder());
        assertThat(masters.getFirst().priority())
            .as("priority of the master among %s", side)
            .isEqualTo(strongest.orElseThrow());
      }
    }
  }

  private void assertThatSomebodyHolds() {
    if (routers.stream().anyMatch(SimulatedRouter::isWell)) {
      assertThat(routers.stream().filter(SimulatedRouter::isHolding))
          .as("masters among %s", routers)
          .isNotEmpty();
    }
  }

  private void assertThatClientsFindTheMaster(List<SimulatedRouter> neighbours) {
    for (var side : link.sides()) {
      for (var master : side.stream().filter(SimulatedRouter::isHolding).toList()) {
        for (var neighbour : side) {
          if (neighbours.contains(neighbour)) {
            assertThat(link.believedBy(neighbour))
                .as("whom the client beside %s believes", neighbour)
                .isSameAs(master);
          }
        }
      }
    }
  }

  private void assertThatNothingMoves(Duration length) {
    int claims = claims();
    time.run(length);
    assertThat(claims()).as("claims in all, in quiet").isEqualTo(claims);
  }

  private int claims() {
    return routers.stream().mapToInt(SimulatedRouter::claims).sum();
  }

  @Override
  public String toString() {
    return version + " " + routers;
  }
}
