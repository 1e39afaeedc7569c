package io.lvs4j.benchmarks.failover;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.vrrp.Dialect;
import io.lvs4j.lab.vrrp.Duel;
import io.lvs4j.lab.vrrp.Router;
import io.lvs4j.lab.vrrp.RouterProgram;
import java.time.Duration;
import java.time.Instant;

/** Two routers of one program, of which the master meets with a fault again and again. */
final class Contest implements AutoCloseable {
  private static final Duration AHEAD = Duration.ofMillis(4);

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

  /**
   * Lets a fault befall the master, this long after one of its adverts, and takes down what came of
   * it.
   */
  void strike(Fault fault, Duration phase, Outages figures) {
    var begin = awaitPhase(phase);
    fault.strike(duel.a());
    takeDown(duel.b(), duel.a(), begin, figures);
  }

  /** Makes all as it was, and takes down how the master returned if it had been killed. */
  void mend(Fault fault, Outages figures) {
    var begin = Instant.now();
    fault.mend(duel.a());
    if (fault == Fault.KILL) {
      takeDown(duel.a(), duel.b(), begin, figures);
    }
    settle(begin);
  }

  private void takeDown(Router next, Router previous, Instant begin, Outages figures) {
    var first = duel.awaitMaster(next, begin);
    duel.awaitAnsweredBy(next);
    var last =
        duel.capture().adverts(previous.host()).stream()
            .filter(advert -> advert.at().isBefore(first.at()))
            .toList()
            .getLast();
    var silence = duel.probe().longestSilence(last.at()).orElseThrow().length();
    figures.outages().add(silence);
    figures.takeovers().add(Duration.between(last.at(), first.at()));
    var announced =
        await("an announcement by " + next)
            .until(
                () -> duel.capture().announcements(next.host(), duel.virtualAddress(), first.at()),
                found -> !found.isEmpty());
    figures.announcements().add(Duration.between(first.at(), announced.getFirst()));
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

  /**
   * Waits until an advert is as old as that. The capture tells of an advert late, so it is one that
   * is still to come: the master sends them at equal distances.
   */
  private Instant awaitPhase(Duration phase) {
    var moment = duel.awaitMaster(duel.a(), Instant.now()).at().plus(phase);
    while (moment.isBefore(Instant.now().plus(AHEAD))) {
      moment = moment.plus(duel.interval());
    }
    var almost = moment.minus(AHEAD.dividedBy(2));
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(duel.interval().plusSeconds(60))
        .until(() -> Instant.now().isAfter(almost));
    while (Instant.now().isBefore(moment)) {
      Thread.onSpinWait();
    }
    return moment;
  }

  @Override
  public void close() {
    duel.close();
  }
}
