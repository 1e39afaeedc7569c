package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.time.Duration;
import java.time.Instant;
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

  /**
   * lvs4j that gives way lets itself be heard first, so that the winner announces itself at once.
   * keepalived does not; then lvs4j's next refresh leads the client back, within a second. Two
   * keepaliveds leave it lost for 7 s, until it asks for the address anew.
   */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  @ParameterizedTest(name = "{0} wins over {1}")
  @CsvSource({"LVS4J, KEEPALIVED", "KEEPALIVED, LVS4J", "LVS4J, LVS4J"})
  void theAddressIsNeverLeftAtTheLoser(Peers winner, Peers loser) {
    Peers.assumeLab();
    try (var duel = Duel.of(winner.program(), loser.program(), Dialect.V3, INTERVAL)) {
      var begin = Instant.now();
      duel.a().start();
      duel.b().start();
      duel.b().awaitListening();
      duel.awaitMaster(duel.a(), begin);
      duel.awaitAnsweredBy(duel.a());
      for (int i = 0; i < HEALS; i++) {
        assertThat(heal(duel))
            .as("the client's silence after heal %d; %s", i, duel.logs())
            .isLessThan(LONGEST);
      }
    }
  }

  private static Duration heal(Duel duel) {
    var cut = Instant.now();
    duel.a().host().cutOff();
    duel.awaitMaster(duel.b(), cut);
    duel.awaitAnsweredBy(duel.b());
    duel.capture()
        .awaitAdvert(duel.b().host(), cut.plus(INTERVAL.multipliedBy(9)), LONGEST, advert -> true);
    var healed = Instant.now();
    duel.a().host().rejoin();
    duel.awaitMaster(duel.a(), healed);
    duel.awaitAnsweredBy(duel.a());
    return duel.probe().longestSilence(healed).orElseThrow().length();
  }
}
