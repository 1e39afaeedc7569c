package io.lvs4j.benchmarks.health;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.HealthMonitor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** lvs4j as it is measured: a health monitor and nothing else, until the process is ended. */
final class Checking {
  static final Duration EVERY = Duration.ofSeconds(2);

  private Checking() {}

  /** Takes the number of real servers. */
  public static void main(String[] arguments) throws InterruptedException {
    int servers = Integer.parseInt(arguments[0]);
    var down = new AtomicInteger();
    try (var monitor = HealthMonitor.create(RandomGenerator.getDefault())) {
      var check = List.of(HealthCheck.tcp().every(EVERY).warmUp(EVERY));
      for (int i = 0; i < servers; i++) {
        monitor.watch(
            Farm.server(i),
            check,
            (up, detail) -> {
              if (!up && down.incrementAndGet() == 1) {
                System.err.println(detail);
              }
            });
      }
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }
}
