package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Capture.Heard;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What every pair of routers has to live through, whoever they are: election, hand-over,
 * preemption, a kill, a pulled cable. Asserted on the frames of the link and by a client.
 */
final class Story {
  private static final Duration TOLERANCE = Duration.ofMillis(30);

  /** By how much a machine that is busy with other tests may be late. */
  private static final Duration BUSY = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Duel duel;
  private final Router a;
  private final Router b;
  private final InetAddress vip;

  Story(Duel duel) {
    this.duel = duel;
    this.a = duel.a();
    this.b = duel.b();
    this.vip = duel.virtualAddress();
  }

  void tell() {
    try {
      election();
      gracefulHandOver();
      preemption();
      kill();
      preemption();
      pulledCable();
      healedCable();
    } catch (Throwable failed) {
      throw new AssertionError(duel + ": " + failed.getMessage() + "\n" + duel.logs(), failed);
    }
  }

  private void election() {
    var begin = Instant.now();
    a.start();
    b.start();
    a.awaitListening();
    b.awaitListening();
    expectMaster(a, begin);
    expectSilence(b);
  }

  private void gracefulHandOver() {
    var begin = Instant.now();
    a.stop();
    var farewell = duel.awaitFarewell(a, begin);
    var first = expectMaster(b, begin);
    assertThat(Duration.between(farewell.at(), first.at()))
        .as("from the advert of priority 0 to B's first (skew time)")
        .isGreaterThanOrEqualTo(duel.skew(Duel.LOWER).minus(TOLERANCE))
        .isLessThan(duel.masterDownInterval(Duel.LOWER).plus(BUSY));
    assertThat(a.host().has(vip)).as("A has the address still").isFalse();
  }

  private void preemption() {
    var begin = Instant.now();
    a.start();
    expectMaster(a, begin);
    expectSilence(b);
    assertThat(b.host().has(vip)).as("B has the address still").isFalse();
  }

  private void kill() {
    var begin = Instant.now();
    a.kill();
    var first = expectMaster(b, begin);
    var last = duel.capture().adverts(a.host()).getLast();
    assertThat(last.priority()).as("A's last word").isEqualTo(Duel.HIGHER);
    expectMasterDownInterval(last, first);
  }

  private void pulledCable() {
    var begin = Instant.now();
    a.host().pullCable();
    var first = expectMaster(b, begin);
    expectMasterDownInterval(
        duel.capture().adverts(a.host()).stream()
            .filter(advert -> advert.at().isBefore(first.at()))
            .toList()
            .getLast(),
        first);
    await("A without the address").atMost(PATIENCE).until(() -> !a.host().has(vip));
  }

  private void healedCable() {
    var begin = Instant.now();
    a.host().plugCable();
    expectMaster(a, begin);
    expectSilence(b);
    assertThat(b.host().has(vip)).as("B has the address still").isFalse();
  }

  private void expectMasterDownInterval(Heard last, Heard first) {
    assertThat(Duration.between(last.at(), first.at()))
        .as("from A's last advert to B's first (master down interval)")
        .isGreaterThanOrEqualTo(duel.masterDownInterval(Duel.LOWER).minus(TOLERANCE));
  }

  /** Expects adverts and announcements of a router, and the client to reach it and no other. */
  private Heard expectMaster(Router router, Instant from) {
    var first = duel.awaitMaster(router, from);
    await("announcements of " + router)
        .atMost(PATIENCE)
        .until(() -> announcements(router, first.at()), found -> found.size() >= 5);
    duel.awaitAnsweredBy(router);
    assertThat(duel.connect()).as("who accepts a connection").hasValue(router.host().number());
    assertThat(duel.client().ping(vip)).as("ping of " + vip).isTrue();
    return first;
  }

  private List<Instant> announcements(Router router, Instant from) {
    return duel.capture().announcements(router.host(), vip, from.minus(TOLERANCE));
  }

  /** Expects a router to say nothing for longer than it would if it were master. */
  private void expectSilence(Router router) {
    var silence = duel.interval().multipliedBy(3);
    await("silence of " + router)
        .atMost(PATIENCE)
        .until(() -> {
          var adverts = duel.capture().adverts(router.host());
          return adverts.isEmpty() || adverts.getLast().at().isBefore(Instant.now().minus(silence));
        });
  }
}
