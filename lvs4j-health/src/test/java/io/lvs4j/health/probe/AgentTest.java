package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AgentCheck;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.health.HealthListener;
import io.lvs4j.health.HealthMonitor;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.Seed;
import io.lvs4j.health.verdict.Outcome;
import io.lvs4j.health.verdict.WeightReport;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent check before agents in all kinds of moods. */
@ParameterizedClass
@MethodSource("transports")
class AgentTest extends AttemptTester {
  private static final String HOLDS = "; what it said last holds: up, ready, 100 %";

  private static HealthCheck check(ScriptedPeer peer) {
    return HealthCheck.agent(peer.endpoint().port());
  }

  /** The real server's own port is another one. */
  private Outcome ask(HealthCheck check) throws Exception {
    return outcome(check, RealServer.of("127.0.0.1", 9).endpoint());
  }

  private static ScriptedPeer saying(String text) throws Exception {
    return ScriptedPeer.playing(c -> c.send(text));
  }

  private static String at(ScriptedPeer peer) {
    return "agent-check " + peer.endpoint() + ": ";
  }

  private void assertUnheard(ScriptedPeer peer, HealthCheck check, String found) throws Exception {
    assertThat(ask(check)).isEqualTo(new Outcome.Inconclusive(at(peer) + found + HOLDS));
  }

  /** Waits for as long as a crowded machine may take. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void anAgentSetsTheWeight() throws Exception {
    for (var end : List.of("\n", "\r\n", "", "\nand more\n")) {
      try (var peer = saying("up ready 75%" + end)) {
        assertThat(ask(check(peer)))
            .isEqualTo(new Outcome.Success(at(peer) + "up, ready, 75 %", WeightReport.percent(75)));
      }
    }
  }

  @Test
  void anAgentThatWantsToBeAskedIsAsked() throws Exception {
    var heard = new CopyOnWriteArrayList<String>();
    try (var peer =
        ScriptedPeer.playing(c -> {
          heard.add(c.readLine());
          c.send("drain\n");
        })) {
      var asking =
          HealthCheck.of(AgentCheck.of().send("how are you\n")).port(peer.endpoint().port());
      assertThat(ask(asking))
          .isEqualTo(new Outcome.Success(at(peer) + "up, drain, 100 %", WeightReport.QUIESCED));
      assertThat(heard).containsExactly("how are you");
    }
  }

  @Test
  void anAgentTakesItsServerOut() throws Exception {
    try (var peer = saying("down#disk full\n")) {
      assertThat(ask(check(peer)))
          .isEqualTo(
              new Outcome.Failure(
                  at(peer) + "down, ready, 100 %: disk full (expected: up, and not maint)"));
    }
    try (var peer = saying("maint\n")) {
      assertThat(ask(check(peer))).isInstanceOf(Outcome.Failure.class);
    }
  }

  @Test
  void aLineMayComeByteByByte() throws Exception {
    try (var peer = ScriptedPeer.playing(c -> c.sendSlowly("50%\n", Duration.ofMillis(5)))) {
      assertThat(ask(check(peer))).isInstanceOf(Outcome.Success.class);
    }
  }

  @Test
  void anAgentThatIsNotHeardSaysNothing() throws Exception {
    int port;
    try (var closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    assertThat(ask(HealthCheck.agent(port)))
        .isEqualTo(
            new Outcome.Inconclusive(
                "agent-check 127.0.0.1:"
                    + port
                    + ": connection refused (expected: a connection within 5 s)"
                    + HOLDS));
    try (var peer = ScriptedPeer.playing(ScriptedPeer.Connection::awaitOrderlyClose)) {
      assertUnheard(
          peer, check(peer).connectTimeout(SHORT), "no line (expected: a line within 500 ms)");
    }
    try (var peer = saying("")) {
      assertUnheard(
          peer,
          check(peer),
          "closed without a word, as by a server that wants a PROXY header (expected: a line within 5 s)");
    }
    try (var peer = ScriptedPeer.playing(ScriptedPeer.Connection::reset)) {
      assertThat(ask(check(peer))).isInstanceOf(Outcome.Inconclusive.class);
    }
  }

  @Test
  void nonsenseSaysNothing() throws Exception {
    var expected = " (expected: words like up, ready, drain, maint, down or 75%)";
    try (var peer = saying("HTTP/1.1 400 \u0007\n")) {
      assertUnheard(peer, check(peer), "line \"HTTP/1.1 400 \\x07\"" + expected);
    }
    try (var peer = ScriptedPeer.playing(c -> c.sendForever("x".repeat(1000)))) {
      assertUnheard(peer, check(peer), "a line of more than 1024 bytes" + expected);
    }
    try (var peer = saying("up flying\n")) {
      assertThat(ask(check(peer)).detail())
          .isEqualTo(at(peer) + "up, ready, 100 % (and something unknown: \"up flying\")");
    }
  }

  @Test
  void whatAnAgentSaidHoldsUntilItSaysOtherwise() throws Exception {
    var line = new AtomicReference<>("25%\n");
    var verdicts = new CopyOnWriteArrayList<Boolean>();
    HealthListener listener = (up, detail) -> verdicts.add(up);
    try (var peer = ScriptedPeer.playing(c -> c.send(line.get()));
        var monitor = HealthMonitor.create(Seed.get().random())) {
      var often = check(peer).every(Duration.ofMillis(20)).warmUp(Duration.ZERO);
      var server = new Endpoint(peer.endpoint().address(), 9);
      var watch = monitor.watch(server, List.of(often), listener);
      await().until(() -> watch.weight(200) == 50);
      line.set("drain\n");
      await().until(() -> watch.weight(200) == 0);
      assertThat(watch.isUp()).isTrue();
      line.set("");
      awaitAnother(peer);
      assertThat(watch.weight(200)).isZero();
      line.set("ready\n");
      await().until(() -> watch.weight(200) == 50);
      line.set("maint\n");
      await().until(() -> !watch.isUp());
      line.set("up\n");
      awaitAnother(peer);
      assertThat(watch.isUp()).isFalse();
      line.set("ready\n");
      await().until(() -> watch.isUp() && watch.weight(200) == 50);
      await().untilAsserted(() -> assertThat(verdicts).containsExactly(false, true));
    }
  }

  /** Waits until the next line but one is read: the one after it was asked for when it was over. */
  private static void awaitAnother(ScriptedPeer peer) {
    int before = peer.accepted();
    await().until(() -> peer.accepted() >= before + 3);
  }
}
