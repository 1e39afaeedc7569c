package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.StartException;
import io.lvs4j.linux.kernel.NativeKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two directors at the table of one network namespace, on this host's kernel. */
class TablePresenceTest {
  @BeforeEach
  void onLinux() {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/thread-self/net/unix")), "not on Linux");
  }

  private static TablePresence take() {
    return TablePresence.take(new NativeKernel()).orElseThrow();
  }

  @Test
  void twoDirectorsKnowOfEachOtherUntilOneEnds() {
    try (var first = take()) {
      assertThat(first.others()).isEmpty();
      try (var second = take()) {
        assertThat(first.others()).containsExactly(ProcessHandle.current().pid());
        assertThat(second.others()).containsExactly(ProcessHandle.current().pid());
      }
      assertThat(first.others()).isEmpty();
    }
  }

  @Test
  void whoWantsToBeTheOnlyOneIsRefusedWhereAnotherIs() {
    try (var first = take()) {
      IpvsDataPlane.builder().exclusive().alone(first);
      var second = take();
      IpvsDataPlane.builder().alone(second);
      assertThatThrownBy(() -> IpvsDataPlane.builder().exclusive().alone(second))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(
              "ipvs data plane: process " + ProcessHandle.current().pid() + " works on the table");
      assertThat(first.others()).as("the second has gone").isEmpty();
    }
  }
}
