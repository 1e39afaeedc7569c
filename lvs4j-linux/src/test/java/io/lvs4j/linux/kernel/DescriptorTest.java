package io.lvs4j.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.linux.LinuxNative;
import io.lvs4j.linux.ScriptedKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class DescriptorTest {
  private final ScriptedKernel kernel = new ScriptedKernel(_ -> List.of());

  @Test
  void isClosedOnce() {
    var descriptor = new Descriptor(kernel, kernel.eventCounter(0), "counter");
    assertThat(Descriptor.open()).containsExactly("counter");

    descriptor.close();
    descriptor.close();

    assertThat(kernel.calls()).containsExactly("eventCounter", "close");
    assertThat(Descriptor.open()).isEmpty();
    assertThatThrownBy(descriptor::value).hasMessage("counter: closed (expected: open)");
  }

  @Test
  void isClosedByTheCollectorWhenItIsForgotten() {
    IntSupplier forget =
        () -> new Descriptor(kernel, kernel.eventCounter(0), "forgotten counter").value();
    assertThat(forget.getAsInt()).isPositive();

    await()
        .until(() -> {
          System.gc();
          return kernel.openDescriptors().isEmpty();
        });
    assertThat(Descriptor.open()).isEmpty();
  }

  @Test
  void theKernelCountsAsManyAsWeDo() throws IOException {
    assumeTrue(LinuxNative.isAvailable(), () -> LinuxNative.unavailabilityCause().toString());
    var real = new NativeKernel();
    long before = counters();
    var descriptor =
        new Descriptor(real, real.eventCounter(SocketConstants.EFD_CLOEXEC), "counter");
    assertThat(counters()).isEqualTo(before + 1);
    descriptor.close();
    assertThat(counters()).isEqualTo(before);
  }

  private static long counters() throws IOException {
    long count = 0;
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (var descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).toString().contains("[eventfd]")) {
          count++;
        }
      }
    }
    return count;
  }
}
