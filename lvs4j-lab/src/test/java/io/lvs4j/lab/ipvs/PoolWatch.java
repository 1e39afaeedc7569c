package io.lvs4j.lab.ipvs;

import io.lvs4j.lab.network.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the table of a host's kernel many times a second, and takes down when the pool of a
 * virtual server became another: whatever decides on health, that is where its decisions arrive.
 */
final class PoolWatch implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(40);
  private static final String NOBODY = "-";

  /**
   * A pool became another.
   *
   * @param service in the kernel's words, {@code TCP 0A4D0065:0050}
   * @param weight of its only real server; {@code -} when it is not there
   * @param isFirst whether the service itself was not there before
   */
  record Change(Instant at, String service, String weight, boolean isFirst) {
    @Override
    public String toString() {
      return weight + " at " + at;
    }
  }

  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Change> changes = new ArrayList<>();
  private Map<String, String> last = Map.of();

  private PoolWatch() {}

  static PoolWatch on(Host host) {
    var watch = new PoolWatch();
    // A thread is in the network namespace of the one that starts it.
    host.call(() -> {
      Thread.ofPlatform().daemon().name("pool-watch-" + host.name()).start(watch::run);
      return watch;
    });
    return watch;
  }

  private void run() {
    try {
      do {
        look(Files.readAllLines(Path.of("/proc/thread-self/net/ip_vs")));
      } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look(List<String> table) {
    var now = new TreeMap<String, String>();
    var service = "";
    for (var line : table.subList(3, table.size())) {
      var fields = line.strip().split("\\s+", -1);
      if (fields[0].equals("->")) {
        now.put(service, fields[3]);
      } else {
        service = fields[0] + " " + fields[1];
        now.put(service, NOBODY);
      }
    }
    var at = Instant.now();
    now.forEach((name, weight) -> {
      if (!weight.equals(last.get(name))) {
        changes.add(new Change(at, name, weight, !last.containsKey(name)));
      }
    });
    last = now;
  }

  /** Returns the weight of each virtual server's real server as it is now. */
  synchronized Map<String, String> now() {
    return Map.copyOf(last);
  }

  /** Returns how the pool of a service has changed since this was asked before. */
  synchronized List<Change> take(String service) {
    var taken = changes.stream().filter(change -> change.service().equals(service)).toList();
    changes.removeAll(taken);
    return taken;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
