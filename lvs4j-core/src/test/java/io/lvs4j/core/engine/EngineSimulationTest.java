package io.lvs4j.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random histories on virtual time: verdicts, edits, drains and the passing of time in
 * any order. After each step the plane's table is what a plain reading of the rules says it should
 * be, worked out here from scratch.
 */
class EngineSimulationTest {
  private static final long SEED =
      Long.getLong("lvs4j.seed", new SplittableRandom().nextLong() >>> 1);
  private static final int HISTORIES = 2_000;
  private static final int STEPS = 60;
  private static final Endpoint SORRY = RealServer.of("10.9.9.9", 80).endpoint();

  @Test
  void thePlaneAlwaysHasWhatTheRulesSay() {
    for (int history = 0; history < HISTORIES; history++) {
      long seed = SEED + history;
      try {
        new History(new SplittableRandom(seed)).run();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("history failed, repeat it with -Dlvs4j.seed=" + seed, failure);
      }
    }
  }

  private static final class Model {
    final RealServer server;
    boolean up = true;
    boolean draining;
    long drainDeadline;
    int weight;

    Model(RealServer server) {
      this.server = server;
      this.weight = server.weight();
    }
  }

  private static final class History {
    private final SplittableRandom random;
    private final VirtualLoop loop = new VirtualLoop();
    private final MemoryPlane plane = new MemoryPlane();
    private final ScriptedHealth health = new ScriptedHealth();
    private final Engine engine = new Engine(loop, plane, health, List.of());
    private final Map<Endpoint, Model> model = new LinkedHashMap<>();
    private final VirtualServer web;
    private final long start = loop.now();
    private boolean quorumUp = true;

    History(SplittableRandom random) {
      this.random = random;
      int servers = random.nextInt(1, 5);
      var builder = VirtualServer.tcp("192.0.2.1", 80).healthCheck(HealthCheck.tcp());
      int total = 0;
      for (int i = 0; i < servers; i++) {
        var server = randomServer(i);
        total += server.weight();
        model.put(server.endpoint(), new Model(server));
        builder.realServer(server);
      }
      int quorum = random.nextInt(1, total + 1);
      builder.quorum(quorum).hysteresis(random.nextInt(quorum));
      if (random.nextBoolean()) {
        builder.sorryServer("10.9.9.9", 80);
      }
      web = builder.build();
      quorumUp = weight() >= web.quorum() + web.hysteresis();
    }

    void run() {
      engine.add(List.of(web)).join();
      check();
      for (int step = 0; step < STEPS; step++) {
        step();
        check();
      }
      engine.close();
    }

    private RealServer randomServer(int number) {
      var server = RealServer.of("10.0.0." + (number + 1), 80).weight(random.nextInt(1, 5));
      return random.nextBoolean() ? server.inhibitOnFailure() : server;
    }

    private void step() {
      var known = new ArrayList<>(model.keySet());
      var chosen = known.isEmpty() ? SORRY : known.get(random.nextInt(known.size()));
      var state = model.get(chosen);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          if (state != null) {
            state.up = !state.up;
            evaluate();
            health.verdict(chosen, state.up, "");
          }
        }
        case 3 -> {
          if (state != null) {
            state.weight = random.nextInt(5);
            evaluate();
            engine.changeServer(web.id(), chosen, each -> each.weight(state.weight)).join();
          }
        }
        case 4 -> {
          if (state != null) {
            plane.open.put(chosen, random.nextInt(1, 4));
            state.draining = true;
            state.drainDeadline = loop.now() - start + Duration.ofSeconds(3).toNanos();
            evaluate();
            var _ = engine.drain(web.id(), chosen, Duration.ofSeconds(3));
          }
        }
        case 5 -> {
          if (state != null && state.draining) {
            state.draining = false;
            evaluate();
            engine.resume(web.id(), chosen).join();
          }
        }
        case 6 -> {
          int number = random.nextInt(6);
          var server = randomServer(number);
          if (!model.containsKey(server.endpoint())) {
            model.put(server.endpoint(), new Model(server));
            evaluate();
            engine.addServer(web.id(), server).join();
          } else {
            model.remove(server.endpoint());
            evaluate();
            engine.removeServer(web.id(), server.endpoint()).join();
          }
        }
        default -> passTime();
      }
    }

    private void passTime() {
      loop.pass(Duration.ofMillis(random.nextInt(2_000)));
      long now = loop.now() - start;
      long poll = Duration.ofMillis(50).toNanos();
      for (var endpoint : List.copyOf(model.keySet())) {
        var state = model.get(endpoint);
        if (state.draining && state.drainDeadline + poll <= now) {
          model.remove(endpoint);
          plane.open.remove(endpoint);
        } else if (state.draining && state.drainDeadline <= now) {
          // Between the deadline and the poll that sees it, either is right: go on to the poll.
          loop.pass(Duration.ofMillis(60));
          now = loop.now() - start;
          model.remove(endpoint);
          plane.open.remove(endpoint);
        }
      }
      evaluate();
    }

    private long weight() {
      return model.values().stream()
          .filter(each -> each.up && !each.draining)
          .mapToLong(each -> each.weight)
          .sum();
    }

    private void evaluate() {
      long weight = weight();
      if (quorumUp && (weight == 0 || weight < web.quorum() - web.hysteresis())) {
        quorumUp = false;
      } else if (!quorumUp && weight >= web.quorum() + web.hysteresis()) {
        quorumUp = true;
      }
    }

    private void check() {
      boolean sorry = !quorumUp && web.sorryServer().isPresent();
      var expected = new LinkedHashMap<Endpoint, Integer>();
      model.forEach((endpoint, state) -> {
        if (state.draining) {
          expected.put(endpoint, 0);
        } else if (state.up && !sorry) {
          expected.put(endpoint, state.weight);
        } else if (state.server.isInhibitedOnFailure()) {
          expected.put(endpoint, 0);
        }
      });
      if (sorry) {
        expected.put(SORRY, 1);
      }
      var actual = new LinkedHashMap<Endpoint, Integer>();
      plane.tables.get(web.id()).forEach((endpoint, each) -> actual.put(endpoint, each.weight()));
      assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected);
      assertThat(health.open()).isEqualTo(model.size());
      var snapshot = engine.snapshot().join().virtualServers().getFirst();
      assertThat(snapshot.quorumUp()).isEqualTo(quorumUp);
      assertThat(snapshot.sorryServerActive()).isEqualTo(sorry);
    }
  }
}
