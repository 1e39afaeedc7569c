package io.lvs4j.benchmarks.proxy;

import static org.awaitility.Awaitility.await;

import io.lvs4j.benchmarks.proxy.Contender.Running;
import io.lvs4j.lab.peer.Iperf3;
import io.lvs4j.lab.peer.Iperf3.Direction;
import io.lvs4j.lab.peer.ProcessUsage;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.peer.Wrk;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Takes the figures of one contender under load. */
final class Meter {
  private static final int CONNECTIONS = 64;
  private static final int STREAMS = 4;

  private final Workspace workspace;
  private final Wrk wrk;
  private final Iperf3 iperf;

  Meter(Workspace workspace, Wrk wrk, Iperf3 iperf) {
    this.workspace = workspace;
    this.wrk = wrk;
    this.iperf = iperf;
  }

  /** Takes all figures that need load; added latencies are given whole, and made less later. */
  void measure(Running contender, Duration slice, Figures figures) {
    Duration half = Duration.ofSeconds(Math.max(1, slice.toSeconds() / 2));
    var kept = load(contender, CONNECTIONS, slice, true);
    figures.add(Row.KEPT_REQUESTS, kept.work().requestsPerSecond());
    figures.add(Row.KEPT_MEDIAN, micros(kept.work().median()));
    figures.add(Row.KEPT_P99, micros(kept.work().p99()));
    var fresh = load(contender, CONNECTIONS, slice, false);
    figures.add(Row.NEW_CONNECTIONS, fresh.work().requestsPerSecond());
    figures.add(Row.NEW_MEDIAN, micros(fresh.work().median()));
    figures.add(Row.NEW_P99, micros(fresh.work().p99()));
    var aloneKept = load(contender, 1, half, true);
    figures.add(Row.ADDED_KEPT_MEDIAN, micros(aloneKept.work().median()));
    figures.add(Row.ADDED_KEPT_P99, micros(aloneKept.work().p99()));
    var aloneFresh = load(contender, 1, half, false);
    figures.add(Row.ADDED_NEW_MEDIAN, micros(aloneFresh.work().median()));
    figures.add(Row.ADDED_NEW_P99, micros(aloneFresh.work().p99()));
    var up = bulk(contender, Direction.UP, half);
    figures.add(Row.BULK_UP, up.work().bitsPerSecond() / 1e9);
    var down = bulk(contender, Direction.DOWN, half);
    figures.add(Row.BULK_DOWN, down.work().bitsPerSecond() / 1e9);
    if (contender.process().isPresent()) {
      figures.add(Row.KEPT_CPU, micros(kept.cpu()) / kept.work().requests());
      figures.add(Row.NEW_CPU, micros(fresh.cpu()) / fresh.work().requests());
      figures.add(Row.BULK_UP_CPU, up.cpu().toNanos() / (double) up.work().bytes());
      figures.add(Row.BULK_DOWN_CPU, down.cpu().toNanos() / (double) down.work().bytes());
    }
    long failures = 0;
    for (var measured : List.of(kept, fresh, aloneKept, aloneFresh)) {
      failures += measured.work().failures();
    }
    figures.add(Row.FAILURES, (double) failures);
  }

  /** Puts every kind of load on for a while, without taking figures. */
  void warmUp(Running contender, Duration duration) {
    var part = Duration.ofSeconds(Math.max(1, duration.toSeconds() / 5));
    load(contender, CONNECTIONS, part.multipliedBy(2), true);
    load(contender, CONNECTIONS, part.multipliedBy(2), false);
    for (Direction direction : Direction.values()) {
      bulk(contender, direction, part.dividedBy(2).plusMillis(500));
    }
  }

  private record Measured<T>(T work, Duration cpu) {}

  private Measured<Wrk.Report> load(
      Running contender, int connections, Duration duration, boolean kept) {
    var load = new Wrk.Load(contender.webPort(), connections, duration, kept);
    return metered(contender, () -> wrk.run(workspace, load));
  }

  private Measured<Iperf3.Report> bulk(Running contender, Direction direction, Duration duration) {
    // The server may still be busy with the end of the transfer before.
    return await("a transfer through " + contender.name())
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsMatching(failure -> String.valueOf(failure.getMessage()).contains("busy"))
        .until(
            () ->
                metered(
                    contender,
                    () ->
                        iperf.transfer(
                            workspace, contender.bulkPort(), direction, STREAMS, duration)),
            measured -> true);
  }

  private static <T> Measured<T> metered(Running contender, Supplier<T> work) {
    Duration before = cpu(contender);
    T done = work.get();
    return new Measured<>(done, cpu(contender).minus(before));
  }

  private static Duration cpu(Running contender) {
    return contender.process().map(process -> process.usage()).orElse(ProcessUsage.NONE).cpu();
  }

  private static double micros(Duration duration) {
    return duration.toNanos() / 1000.0;
  }
}
