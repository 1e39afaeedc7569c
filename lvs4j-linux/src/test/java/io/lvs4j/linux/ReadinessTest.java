package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.netlink.RouteMonitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long is waited, and what ends it. */
class ReadinessTest {
  private static final long LONG = Duration.ofMillis(3600).toNanos();
  private static final long SHORT = Duration.ofMillis(10).toNanos();

  private final ScriptedKernel kernel = new ScriptedKernel(_ -> List.of());
  private final List<HostEvent> events = new ArrayList<>();
  private final Readiness readiness = new Readiness(kernel);

  @Test
  void whatTheKernelMayAddToALongWaitIsLeftForASecondOne() throws Exception {
    assertThat(readiness.await(LONG, events)).isFalse();

    assertThat(kernel.waits()).hasSize(2);
    long first = kernel.waits().getFirst();
    assertThat(first).isBetween(LONG * 98 / 100, LONG * 995 / 1000);
    // No time has passed in this kernel, so all but what this took is left.
    assertThat(kernel.waits().getLast()).isPositive().isLessThan(LONG);
  }

  @Test
  void aShortWaitIsOneWait() throws Exception {
    assertThat(readiness.await(SHORT, events)).isFalse();
    assertThat(readiness.await(0, events)).isFalse();

    assertThat(kernel.waits()).containsExactly(SHORT, 0L);
  }

  @Test
  void whatIsReadyInTheFirstWaitIsRead() throws Exception {
    try (var monitor = RouteMonitor.open(kernel)) {
      var read = new ArrayList<String>();
      readiness.add(monitor.descriptor(), _ -> read.add("news"));
      kernel.loseNews();

      assertThat(readiness.await(LONG, events)).isTrue();

      assertThat(read).containsExactly("news");
      assertThat(kernel.waits()).hasSize(1);
    }
  }

  @Test
  void aSignalInEitherWaitMeansThatNothingIsKnown() throws Exception {
    for (int call = 0; call < 2; call++) {
      kernel.failing(call, Errno.EINTR);
      assertThat(readiness.await(LONG, events)).as("signal in wait " + call).isTrue();
    }
  }

  @Test
  void aRefusalOfEitherWaitIsAnError() {
    for (int call = 0; call < 2; call++) {
      kernel.failing(call, Errno.EINVAL);
      assertThatThrownBy(() -> readiness.await(LONG, events))
          .isInstanceOf(HostNetworkException.class)
          .hasMessageContaining("EINVAL");
    }
  }
}
