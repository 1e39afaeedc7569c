package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ThresholdsTest {
  /**
   * The script: {@code +} opens a connection, {@code -} closes one, {@code h} half-closes one,
   * {@code u/l} sets thresholds. The answer: for each step but the first whether the server is
   * overloaded after it.
   */
  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource({
    // The upper threshold sets, three quarters of it clear: below 3 of 4, 4 of 5, 5 of 6.
    "CLASSIC, 4/0 + + + + - -, .  .  .  X  X  .",
    "TOTAL,   4/0 + + + + - -, .  .  .  X  X  .",
    "CLASSIC, 5/0 + + + + + - -, .  .  .  .  X  X  .",
    "TOTAL,   5/0 + + + + + - -, .  .  .  .  X  X  .",
    "CLASSIC, 6/0 + + + + + + - -, .  .  .  .  .  X  X  .",
    "TOTAL,   6/0 + + + + + + - -, .  .  .  .  .  X  X  .",
    "CLASSIC, 1/0 + -, X  .",
    "TOTAL,   1/0 + -, X  .",
    // A lower threshold of its own.
    "CLASSIC, 4/2 + + + + - - -, .  .  .  X  X  X  .",
    "TOTAL,   4/2 + + + + - - -, .  .  .  X  X  X  .",
    "CLASSIC, 3/3 + + + -, .  .  X  .",
    "TOTAL,   3/3 + + + -, .  .  X  .",
    // Inactive connections count as well.
    "CLASSIC, 2/0 + h + h, .  .  X  X",
    "TOTAL,   2/0 + h + h, .  .  X  X",
    // A threshold lowered under the connections there are.
    "CLASSIC, 0/0 + + + 2/0 +, .  .  .  .  X",
    "TOTAL,   0/0 + + + 2/0 +, .  .  .  X  X",
    // Raised above them: the old dialect clears whatever the lower threshold says.
    "CLASSIC, 3/3 + + + 4/1, .  .  X  .",
    "TOTAL,   3/3 + + + 4/1, .  .  X  X",
    "CLASSIC, 3/3 + + + 9/0, .  .  X  .",
    "TOTAL,   3/3 + + + 9/0, .  .  X  .",
    // Lowered while overloaded, and only the lower one changed.
    "CLASSIC, 4/1 + + + + - - 3/3 -, .  .  .  X  X  X  X  .",
    "TOTAL,   4/1 + + + + - - 3/3 -, .  .  .  X  X  X  .  .",
    // None at all ends an overload.
    "CLASSIC, 2/0 + + 0/0 +, .  X  .  .",
    "TOTAL,   2/0 + + 0/0 +, .  X  .  .",
    // The same again changes nothing.
    "CLASSIC, 2/1 + + - 2/1, .  X  X  X",
    "TOTAL,   2/1 + + - 2/1, .  X  X  X",
    // The greatest there are.
    "CLASSIC, 2147483647/0 + -, .  .",
    "TOTAL,   2147483647/0 + -, .  .",
  })
  void aServerIsOverloadedBetweenItsThresholds(Overhead overhead, String script, String expected) {
    var steps = script.split(" ");
    var first = thresholds(steps[0]);
    var cluster =
        Cluster.of(
            VirtualServer.tcp("192.0.2.1", 80)
                .scheduler((servers, flow) -> 0), // never asks whether the server is available
            overhead);
    cluster.add(1, 1, first.upper(), first.lower());
    Deque<Lease> open = new ArrayDeque<>();
    List<String> seen = new ArrayList<>();
    for (String step : List.of(steps).subList(1, steps.length)) {
      switch (step) {
        case "+" -> open.addLast(cluster.connect());
        case "-" -> open.removeFirst().release();
        case "h" -> open.peekLast().halfClosed();
        default -> {
          var changed = thresholds(step);
          cluster.update(1, 1, changed.upper(), changed.lower());
        }
      }
      seen.add(cluster.balancer().servers().overloaded(0) ? "X" : ".");
    }
    assertThat(seen).isEqualTo(List.of(expected.split(" +")));
  }

  private static Thresholds thresholds(String text) {
    var parts = text.split("/");
    return new Thresholds(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  @ParameterizedTest
  @EnumSource
  void anOverloadedServerIsPassedOver(Overhead overhead) {
    var cluster =
        Cluster.of(VirtualServer.tcp("192.0.2.1", 80).scheduler(Schedulers.roundRobin()), overhead);
    cluster.add(1, 1, 2, 0);
    cluster.add(2, 1, 0, 0);

    assertThat(cluster.connect(8)).containsExactly(2, 1, 2, 1, 2, 2, 2, 2);
  }

  @Test
  void theDialectsPartWhere256InactiveConnectionsStandAgainstOneActive() {
    assertThat(chosenBetween256InactiveAndOneActive(Overhead.CLASSIC)).isEqualTo(2);
    assertThat(chosenBetween256InactiveAndOneActive(Overhead.TOTAL)).isEqualTo(1);
  }

  private static int chosenBetween256InactiveAndOneActive(Overhead overhead) {
    var cluster =
        Cluster.of(
            VirtualServer.tcp("192.0.2.1", 80).scheduler(Schedulers.leastConnection()),
            overhead,
            1);
    for (int i = 0; i < 256; i++) {
      cluster.connect().halfClosed();
    }
    cluster.add(2, 1);
    assertThat(cluster.connect(1)).containsExactly(2);
    return Cluster.number(cluster.connect());
  }
}
