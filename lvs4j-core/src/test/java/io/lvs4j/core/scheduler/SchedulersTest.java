package io.lvs4j.core.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.Flow;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulersTest {
  static List<String> names() {
    return Schedulers.names();
  }

  @Test
  void eachAlgorithmHasAWholeWord() {
    assertThat(
            List.of(
                Schedulers.roundRobin(),
                Schedulers.weightedRoundRobin(),
                Schedulers.leastConnection(),
                Schedulers.weightedLeastConnection(),
                Schedulers.localityBasedLeastConnection(),
                Schedulers.localityBasedLeastConnectionWithReplication(),
                Schedulers.destinationHashing(),
                Schedulers.sourceHashing(),
                Schedulers.shortestExpectedDelay(),
                Schedulers.neverQueue(),
                Schedulers.weightedFailover(),
                Schedulers.weightedOverflow(),
                Schedulers.maglevHashing(),
                Schedulers.powerOfTwoChoices()))
        .extracting(Scheduler::name)
        .containsExactlyElementsOf(Schedulers.names());
  }

  @ParameterizedTest
  @MethodSource("names")
  void aNameGivesTheAlgorithmThatHasIt(String name) {
    var scheduler = Schedulers.byName(name, Set.of());
    assertThat(scheduler.name()).isEqualTo(name);
    assertThat(scheduler.flags()).isEmpty();
    assertThat(scheduler.forVirtualServer()).isEqualTo(scheduler).hasSameClassAs(scheduler);
    assertThat(scheduler)
        .isEqualTo(Schedulers.byName(name, Set.of()))
        .hasSameHashCodeAs(Schedulers.byName(name, Set.of()));
    assertThat(Schedulers.names().stream().map(other -> Schedulers.byName(other, Set.of())))
        .containsOnlyOnce(scheduler);
  }

  /** What a keepalived.conf names, without the code. */
  private record NameOnly(String name, Set<String> flags) implements LvsScheduler {
    @Override
    public int schedule(ServerPool servers, Flow flow) {
      throw new UnsupportedOperationException("of the kernel");
    }
  }

  @Test
  void aNameOfAKernelsSchedulerDecidesAsThatDoes() {
    for (String name : Schedulers.names()) {
      assertThat(Schedulers.deciding(new NameOnly(name, Set.of())))
          .isEqualTo(Schedulers.byName(name, Set.of()));
    }
    assertThat(Schedulers.deciding(new NameOnly("sh", Set.of("sh-port"))))
        .isEqualTo(Schedulers.sourceHashing(HashFlag.PORT));
    Scheduler own = (servers, flow) -> 0;
    assertThat(Schedulers.deciding(own)).isSameAs(own);
  }

  @Test
  void flagsAreThoseOfIpvsadm() {
    assertThat(Schedulers.byName("sh", Set.of("sh-port", "sh-fallback")))
        .isEqualTo(Schedulers.sourceHashing(HashFlag.FALLBACK, HashFlag.PORT))
        .isNotEqualTo(Schedulers.sourceHashing(HashFlag.PORT))
        .hasToString("sh (sh-fallback,sh-port)");
    assertThat(Schedulers.byName("mh", Set.of("mh-port")).forVirtualServer().flags())
        .containsExactly("mh-port");
    assertThat(Schedulers.maglevHashing(HashFlag.PORT))
        .isNotEqualTo(Schedulers.sourceHashing(HashFlag.PORT));
  }

  @Test
  void whatIsUnknownIsRefusedInWords() {
    assertThatThrownBy(() -> Schedulers.byName("wlcc", Set.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "scheduler: wlcc (expected: one of rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo,"
                + " ovf, mh, twos)");
    assertThatThrownBy(() -> Schedulers.byName("sh", Set.of("mh-port")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("scheduler sh: flag: mh-port (expected: sh-fallback, sh-port)");
    assertThatThrownBy(() -> Schedulers.byName("rr", Set.of("sh-port")))
        .hasMessage("scheduler rr: flag: sh-port (expected: none)");
  }
}
