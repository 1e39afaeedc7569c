package io.lvs4j.benchmarks.failover;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.vrrp.Dialect;
import io.lvs4j.lab.vrrp.Duel;
import io.lvs4j.lab.vrrp.RouterProgram;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Two routers of one program, of which the master meets with a fault again and again. */
final class Contest implements AutoCloseable {
  private final Duel duel;

  Contest(RouterProgram program, Duration interval) {
    this.duel = Duel.of(program, program, Dialect.V3, interval);
    var begin = Instant.now();
    try {
      duel.a().start();
      duel.b().start();
      duel.a().awaitListening();
      duel.b().awaitListening();
      settle(begin);
    } catch (RuntimeException failed) {
      duel.close();
      throw failed;
    }
  }

  /** Lets a fault befall the master, takes down what the client saw of it, and mends it. */
  void round(Fault fault, Outages figures) {
    passSomeOfAnInterval();
    var begin = Instant.now();
    fault.strike(duel.a());
    var first = duel.awaitMaster(duel.b(), begin);
    duel.awaitAnsweredBy(duel.b());
    figures.outages().add(duel.probe().longestSilence(begin).orElseThrow().length());
    var last =
        duel.capture().adverts(duel.a().host()).stream()
            .filter(advert -> advert.at().isBefore(first.at()))
            .toList()
            .getLast();
    figures.takeovers().add(Duration.between(last.at(), first.at()));
    var announced =
        await("an announcement by B")
            .until(
                () ->
                    duel.capture()
                        .announcements(duel.b().host(), duel.virtualAddress(), first.at()),
                found -> !found.isEmpty());
    figures.announcements().add(Duration.between(first.at(), announced.getFirst()));
    var mended = Instant.now();
    fault.mend(duel.a());
    settle(mended);
  }

  /** Waits until A is master and B has noticed. */
  private void settle(Instant from) {
    var first = duel.awaitMaster(duel.a(), from);
    duel.awaitAnsweredBy(duel.a());
    var quiet = duel.interval().multipliedBy(2).plusMillis(200);
    await("B silent")
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            Instant.now().isAfter(first.at().plus(quiet))
                && duel.capture().adverts(duel.b().host(), Instant.now().minus(quiet)).isEmpty());
  }

  /** So that the fault comes at any moment between two adverts. */
  private void passSomeOfAnInterval() {
    var until =
        Instant.now().plusNanos(ThreadLocalRandom.current().nextLong(duel.interval().toNanos()));
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> Instant.now().isAfter(until));
  }

  @Override
  public void close() {
    duel.close();
  }
}
