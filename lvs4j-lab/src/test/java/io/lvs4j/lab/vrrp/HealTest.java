package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A partition in which both are master, again and again: after each heal the client must find the
 * address at the one of the higher priority.
 */
@Execution(CONCURRENT)
class HealTest {
  private static final int HEALS = 20;
  private static final Duration INTERVAL = Duration.ofMillis(100);

  @ParameterizedTest(name = "{0} wins over {1}")
  @CsvSource({"LVS4J, KEEPALIVED", "KEEPALIVED, LVS4J", "LVS4J, LVS4J", "KEEPALIVED, KEEPALIVED"})
  void theAddressIsNeverLeftAtTheLoser(Peers winner, Peers loser) {
    Peers.assumeLab();
    try (var duel = Duel.of(winner.program(), loser.program(), Dialect.V3, INTERVAL)) {
      var begin = Instant.now();
      duel.a().start();
      duel.b().start();
      duel.b().awaitListening();
      duel.awaitMaster(duel.a(), begin);
      duel.awaitAnsweredBy(duel.a());
      var silences = new ArrayList<Duration>();
      for (int i = 0; i < HEALS; i++) {
        silences.add(heal(duel));
      }
      System.out.println(winner + " " + loser + " " + silences);
    }
  }

  private static Duration heal(Duel duel) {
    var cut = Instant.now();
    duel.a().host().cutOff();
    duel.awaitMaster(duel.b(), cut);
    duel.awaitAnsweredBy(duel.b());
    await().until(() -> Instant.now().isAfter(cut.plusMillis(900 + (System.nanoTime() % 100))));
    var healed = Instant.now();
    duel.a().host().rejoin();
    duel.awaitMaster(duel.a(), healed);
    duel.awaitAnsweredBy(duel.a());
    return duel.probe().longestSilence(healed).orElseThrow().length();
  }
}
