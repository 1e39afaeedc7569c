package io.lvs4j.benchmarks.proxy;

import static org.awaitility.Awaitility.await;

import io.lvs4j.benchmarks.proxy.Contender.Running;
import io.lvs4j.lab.peer.Iperf3;
import io.lvs4j.lab.peer.Iperf3.Direction;
import io.lvs4j.lab.peer.ProcessUsage;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.peer.Wrk;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/** Takes the figures of one contender under load. */
final class Meter {
  private static final int CONNECTIONS = 64;
  private static final Duration TO_TRANSFER = Duration.ofSeconds(25);
  private static final int STREAMS = 4;

  private final Workspace workspace;
  private final Wrk wrk;
  private final Iperf3 iperf;

  Meter(Workspace workspace, Wrk wrk, Iperf3 iperf) {
    this.workspace = workspace;
    this.wrk = wrk;
    this.iperf = iperf;
  }

  /** One kind of load. */
  enum Kind {
    KEPT,
    NEW,
    ALONE_KEPT,
    ALONE_NEW,
    BULK_UP,
    BULK_DOWN
  }

  /** Puts one kind of load on and takes its figures; added latencies are given whole. */
  void measure(Running contender, Kind kind, Duration slice, Figures figures) {
    Duration half = Duration.ofSeconds(Math.max(1, slice.toSeconds() / 2));
    switch (kind) {
      case KEPT -> {
        var kept = load(contender, CONNECTIONS, slice, true);
        figures.add(Row.KEPT_REQUESTS, kept.work().requestsPerSecond());
        latencies(kept, Row.KEPT_MEDIAN, Row.KEPT_P99, figures);
        cpu(contender, Row.KEPT_CPU, micros(kept.cpu()) / kept.work().requests(), figures);
      }
      case NEW -> {
        var fresh = load(contender, CONNECTIONS, slice, false);
        figures.add(Row.NEW_CONNECTIONS, fresh.work().requestsPerSecond());
        latencies(fresh, Row.NEW_MEDIAN, Row.NEW_P99, figures);
        cpu(contender, Row.NEW_CPU, micros(fresh.cpu()) / fresh.work().requests(), figures);
      }
      case ALONE_KEPT -> {
        var kept = load(contender, 1, half, true);
        latencies(kept, Row.ADDED_KEPT_MEDIAN, Row.ADDED_KEPT_P99, figures);
      }
      case ALONE_NEW -> {
        var fresh = load(contender, 1, half, false);
        latencies(fresh, Row.ADDED_NEW_MEDIAN, Row.ADDED_NEW_P99, figures);
      }
      case BULK_UP -> {
        var transfer = bulk(contender, Direction.UP, half);
        transfer.ifPresent(up -> {
          figures.add(Row.BULK_UP, up.work().bitsPerSecond() / 1e9);
          cpu(contender, Row.BULK_UP_CPU, micros(up.cpu()) * 1000 / up.work().bytes(), figures);
        });
      }
      case BULK_DOWN -> {
        var transfer = bulk(contender, Direction.DOWN, half);
        transfer.ifPresent(down -> {
          figures.add(Row.BULK_DOWN, down.work().bitsPerSecond() / 1e9);
          cpu(
              contender,
              Row.BULK_DOWN_CPU,
              micros(down.cpu()) * 1000 / down.work().bytes(),
              figures);
        });
      }
    }
  }

  private static void latencies(
      Measured<Wrk.Report> measured, Row median, Row p99, Figures figures) {
    figures.add(median, micros(measured.work().median()));
    figures.add(p99, micros(measured.work().p99()));
    figures.add(Row.FAILURES, (double) measured.work().failures());
  }

  private static void cpu(Running contender, Row row, double aUnitOfWork, Figures figures) {
    // After a load of which nothing came through there was no work to divide by.
    if (contender.process().isPresent() && Double.isFinite(aUnitOfWork)) {
      figures.add(row, aUnitOfWork);
    }
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

  /**
   * Transfers in bulk. The server of iperf3 serves one client at a time, and a proxy that has
   * accepted for it may leave both waiting for good: then there is no figure in this round, which
   * is told.
   */
  private Optional<Measured<Iperf3.Report>> bulk(
      Running contender, Direction direction, Duration duration) {
    try {
      return Optional.of(
          await("a transfer through " + contender.name())
              .atMost(TO_TRANSFER.plus(duration))
              .ignoreExceptionsMatching(Meter::isServerBusy)
              .until(
                  () ->
                      metered(
                          contender,
                          () ->
                              iperf.transfer(
                                  workspace, contender.bulkPort(), direction, STREAMS, duration)),
                  measured -> true));
    } catch (ConditionTimeoutException stuck) {
      System.err.println("no figure for bulk " + direction + ": " + stuck.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isServerBusy(Throwable failure) {
    var words = String.valueOf(failure.getMessage());
    return words.contains("busy") || words.contains("(expected: 0 within");
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
