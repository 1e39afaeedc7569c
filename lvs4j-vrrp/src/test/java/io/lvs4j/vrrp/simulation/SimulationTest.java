package io.lvs4j.vrrp.simulation;

import io.lvs4j.vrrp.Seed;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final int HISTORIES = Integer.getInteger("lvs4j.histories", 10_000);

  @Test
  void whateverHappensThereIsOneMasterOnEachSideAndClientsFindIt() {
    var first = Seed.get();
    for (int i = 0; i < HISTORIES; i++) {
      var seed = new Seed(first.value() + i);
      var history = new History(seed.random());
      try {
        history.run();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(
            "history " + i + ", repeat with " + seed + ": " + history, failure);
      }
    }
  }
}
