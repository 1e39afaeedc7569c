package io.lvs4j.benchmarks.failover;

import static org.awaitility.Awaitility.await;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.ProcessUsage;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.vrrp.Router;
import io.lvs4j.lab.vrrp.RouterProgram;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What many instances on one interface cost a program, with one advert a second each.
 *
 * @param master as master of all
 * @param backup as backup of all
 */
record Weights(Weight master, Weight backup) {
  private static final Duration TO_SETTLE = Duration.ofSeconds(60);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  static Weights of(RouterProgram program, int count, Duration period) {
    try (var network = LabNetwork.of("a", "b");
        var workspace = Workspace.create();
        var a = new Router(workspace, network.host("a"), program, instances(count, 150));
        var b = new Router(workspace, network.host("b"), program, instances(count, 100))) {
      var capture = network.capture(workspace);
      a.start();
      await().atMost(TO_SETTLE).until(() -> masters(capture, a.host()) == count);
      b.start();
      b.awaitListening();
      // Over the bursts of announcements after the start, and compiled.
      pass(Duration.ofSeconds(15));
      var beforeA = a.usage();
      var beforeB = b.usage();
      var begin = Instant.now();
      pass(period);
      var passed = Duration.between(begin, Instant.now());
      if (masters(capture, a.host()) != count || masters(capture, b.host()) != 0) {
        throw new IllegalStateException(
            program.name() + ": changed masters while at rest; " + b.log());
      }
      return new Weights(weight(beforeA, a.usage(), passed), weight(beforeB, b.usage(), passed));
    }
  }

  private static Weight weight(ProcessUsage before, ProcessUsage after, Duration passed) {
    long used = after.cpu().minus(before.cpu()).toNanos();
    return new Weight(
        Duration.ofNanos((long) (used * (double) MINUTE.toNanos() / passed.toNanos())),
        after.residentBytes());
  }

  /** Returns of how many virtual routers a host has sent adverts in the last five seconds. */
  private static long masters(Capture capture, Host host) {
    return capture.adverts(host, Instant.now().minusSeconds(5)).stream()
        .map(advert -> advert.received().advert().virtualRouterId())
        .distinct()
        .count();
  }

  private static void pass(Duration period) {
    var until = Instant.now().plus(period);
    await()
        .atMost(period.plusMinutes(1))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> Instant.now().isAfter(until));
  }

  private static List<VrrpInstance> instances(int count, int priority) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(id ->
            VrrpInstance.builder("VI_" + id)
                .networkInterface(Host.CARD)
                .virtualRouterId(id)
                .priority(priority)
                .version(VrrpVersion.V3)
                .virtualAddress("10.77.1.%d/32".formatted(id))
                .build())
        .toList();
  }
}
