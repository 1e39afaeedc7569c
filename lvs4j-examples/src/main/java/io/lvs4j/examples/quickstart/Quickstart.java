package io.lvs4j.examples.quickstart;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The code of the README: port 8080 spread over 9001 and 9002, until the process is ended. */
public final class Quickstart {
  private Quickstart() {}

  /** Runs until interrupted or killed. */
  public static void main(String... arguments) throws InterruptedException {
    // spotless:off
    // begin README
    var web = VirtualServer.tcp("127.0.0.1", 8080)
        .scheduler(Schedulers.weightedLeastConnection())
        .healthCheck(HealthCheck.http("/health").every(Duration.ofSeconds(2)))
        .realServer("127.0.0.1", 9001)
        .realServer(RealServer.of("127.0.0.1", 9002).weight(3))
        .sorryServer("127.0.0.1", 9090)
        .build();
    try (var director = Director.builder().virtualServer(web).build()) {
      director.start();
      // ... the application runs; a server leaves without one lost request:
      // director.realServer(web, "127.0.0.1", 9001).drain(Duration.ofMinutes(1));
      new CountDownLatch(1).await();
    }
    // end README
    // spotless:on
  }
}
