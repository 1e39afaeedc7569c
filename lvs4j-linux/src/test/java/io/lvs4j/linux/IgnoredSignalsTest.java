package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvs4j.linux.kernel.SignalCalls;
import org.junit.jupiter.api.Test;

/**
 * What /proc says of them; the end of the story is in lvs4j-run, in a process that is started so.
 */
class IgnoredSignalsTest {
  private static final int SIGPIPE = 13;
  private static final int SIGURG = 23;

  @Test
  void theMaskIsReadFromTheLineOfTheKernel() {
    assertThat(
            IgnoredSignals.mask(
                "Name:\tjava\nSigBlk:\t0000000000000001\nSigIgn:\t8000000000001003\n"))
        .isEqualTo(0x8000000000001003L);
    assertThat(IgnoredSignals.mask("Name:\tjava\n")).isZero();
  }

  @Test
  void whatIsNotIgnoredIsLeftAlone() throws Exception {
    assertThat(IgnoredSignals.contains(SIGURG)).isFalse();
    assertThatCode(() -> IgnoredSignals.heed(SIGURG)).doesNotThrowAnyException();
    assertThat(IgnoredSignals.contains(SIGPIPE)).as("a JVM handles it").isFalse();
  }

  @Test
  void aSignalThatThereIsNotIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignalCalls.restoreDefault(1_000))
        .withMessage("signal: 1000 (expected: one of signal(7))");
  }
}
