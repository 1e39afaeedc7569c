package io.lvs4j.lab.vrrp;

import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * lvs4j and keepalived as each other's master and backup, in every dialect; and each with its own
 * kind, which tells a fault of the lab from one of lvs4j.
 */
@Execution(CONCURRENT)
class InteroperationTest {
  /** Short, and yet with room for two cores that start several JVMs at once. */
  private static final Duration SHORT = Duration.ofMillis(200);

  static Stream<Arguments> pairs() {
    return Arrays.stream(Dialect.values())
        .flatMap(dialect ->
            Arrays.stream(Peers.values())
                .flatMap(a -> Arrays.stream(Peers.values()).map(b -> Arguments.of(a, b, dialect))));
  }

  @ParameterizedTest(name = "{0} of higher priority, {1} of lower, {2}")
  @MethodSource("pairs")
  void oneIsMasterAndTheOtherTakesOver(Peers a, Peers b, Dialect dialect) {
    Peers.assumeLab();
    var interval = dialect.isVersion2() ? Duration.ofSeconds(1) : SHORT;
    try (var duel = Duel.of(a.program(), b.program(), dialect, interval)) {
      new Story(duel).tell();
    }
  }
}
