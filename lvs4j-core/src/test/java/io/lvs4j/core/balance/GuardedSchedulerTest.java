package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedSchedulerTest {
  private static final Logger LOG = Logger.getLogger(GuardedScheduler.class.getName());

  private final List<String> warnings = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          warnings.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
  }

  /** Answers what a test wants it to. */
  private static final class Fickle implements Scheduler {
    RuntimeException fault;
    int answer;

    @Override
    public int schedule(ServerPool servers, Flow flow) {
      if (fault != null) {
        throw fault;
      }
      return answer;
    }

    @Override
    public void serverUpdated(ServerPool servers, int position) {
      if (fault != null) {
        throw fault;
      }
    }
  }

  private final Fickle fickle = new Fickle();
  private final Cluster cluster = Cluster.tcp(fickle, 1, 1);

  @Test
  void anExceptionRefusesTheConnectionAndIsLoggedOnceUntilItWorksAgain() {
    fickle.fault = new IllegalStateException("lost count");
    assertThat(cluster.visit(3)).containsExactly(0, 0, 0);
    assertThat(warnings)
        .containsExactly(
            "virtual server 192.0.2.1:80/tcp: scheduler custom:"
                + " java.lang.IllegalStateException: lost count (expected: a position or -1)");
    fickle.fault = null;
    assertThat(cluster.visit(1)).containsExactly(2);
    cluster.pass(Duration.ofSeconds(1));
    fickle.fault = new IllegalStateException("again");
    cluster.visit(2);
    assertThat(warnings).hasSize(2);
  }

  @Test
  void aPositionOutsideOfThePoolRefusesTheConnectionAndIsLoggedOnce() {
    fickle.answer = 2;
    assertThat(cluster.visit(2)).containsExactly(0, 0);
    fickle.answer = -2;
    assertThat(cluster.visit(2)).containsExactly(0, 0);
    assertThat(warnings)
        .containsExactly(
            "virtual server 192.0.2.1:80/tcp: scheduler custom: position 2 (expected: -1 to 1)");
    fickle.answer = Scheduler.NONE;
    assertThat(cluster.visit(1)).containsExactly(0);
    cluster.pass(Duration.ofSeconds(1));
    fickle.answer = Integer.MAX_VALUE;
    cluster.visit(1);
    assertThat(warnings).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"decision", "failed-decision", "notification"})
  void aSchedulerThatBlocksIsLoggedByNameAtABoundedRate(String what) {
    var clock = new AtomicReference<Cluster>();
    Runnable blocks =
        () -> {
          if (clock.get() != null) {
            clock.get().pass(Duration.ofMillis(101));
          }
        };
    var blocking =
        new Scheduler() {
          @Override
          public int schedule(ServerPool servers, Flow flow) {
            if (what.contains("decision")) {
              blocks.run();
            }
            if (what.startsWith("failed")) {
              throw new IllegalStateException("in the end");
            }
            return 0;
          }

          @Override
          public String name() {
            return what;
          }

          @Override
          public void serverUpdated(ServerPool servers, int position) {
            if (what.equals("notification")) {
              blocks.run();
            }
          }
        };
    clock.set(Cluster.tcp(blocking, 1, 1));
    for (int i = 0; i < 100; i++) {
      clock.get().visit(1);
      clock.get().weight(1, 2 + i);
    }
    assertThat(warnings.stream().filter(line -> line.contains("took 101 ms")).toList())
        .hasSizeBetween(2, 5)
        .allSatisfy(line ->
            assertThat(line)
                .startsWith(
                    "virtual server 192.0.2.1:80/tcp: scheduler "
                        + what
                        + ": took 101 ms (expected: under 100 ms,"));
  }

  @Test
  void aSchedulerThatIsQuickIsNot() {
    var clock = new AtomicReference<Cluster>();
    Scheduler quick =
        Scheduler.named(
            "quick",
            (servers, flow) -> {
              clock.get().pass(Duration.ofMillis(100));
              return 0;
            });
    clock.set(Cluster.tcp(quick, 1));
    assertThat(clock.get().visit(3)).containsExactly(1, 1, 1);
    assertThat(warnings).isEmpty();
  }

  @Test
  void anExceptionFromANotificationDoesNotUndoTheChange() {
    fickle.fault = new IllegalStateException("lost count");
    cluster.weight(1, 7);
    cluster.weight(1, 8);
    assertThat(warnings).hasSize(1);
    assertThat(cluster.balancer().servers().weight(1)).isEqualTo(8);
  }
}
