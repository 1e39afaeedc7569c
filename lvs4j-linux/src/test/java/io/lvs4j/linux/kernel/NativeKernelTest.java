package io.lvs4j.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.linux.LinuxNative;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeKernelTest {
  private final NativeKernel kernel = new NativeKernel();

  @BeforeEach
  void needsNativeAccess() {
    assumeTrue(LinuxNative.isAvailable(), () -> LinuxNative.unavailabilityCause().toString());
  }

  @Test
  void everyCallReturnsItsErrno() {
    assertThat(kernel.open("/no/such/file", 0)).isEqualTo(-2);
    assertThat(kernel.socket(9999, 3, 0)).isEqualTo(-97);
    assertThat(kernel.bind(-1, new byte[16])).isEqualTo(-9);
    assertThat(kernel.setOption(-1, 1, 1, new byte[4])).isEqualTo(-9);
    assertThat(kernel.getOption(-1, 1, 1, new byte[4])).isEqualTo(-9);
    assertThat(kernel.attachFilter(-1, new byte[8])).isEqualTo(-9);
    assertThat(kernel.send(-1, new byte[1], new byte[0], 0)).isEqualTo(-9);
    assertThat(kernel.receive(-1, new Reception(1, 0), 0)).isEqualTo(-9);
    assertThat(kernel.read(-1, new byte[1])).isEqualTo(-9);
    assertThat(kernel.write(-1, new byte[1])).isEqualTo(-9);
    assertThat(kernel.control(-1, SocketConstants.TUNSETIFF, new byte[40])).isEqualTo(-9);
    assertThat(kernel.eventCounter(-1)).isEqualTo(-22);
    assertThat(kernel.enterNamespace(-1, SocketConstants.CLONE_NEWNET)).isEqualTo(-9);
    assertThat(kernel.poll(new int[] {1}, new boolean[1], -1)).isEqualTo(-22);
    assertThat(kernel.close(-1)).isEqualTo(-9);
  }

  @Test
  void threadsDoNotSeeEachOthersErrno() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      var results = new ArrayList<Future<Boolean>>();
      for (int thread = 0; thread < 4; thread++) {
        boolean even = thread % 2 == 0;
        Callable<Boolean> calls =
            () -> {
              for (int i = 0; i < 20_000; i++) {
                int result = even ? kernel.close(-1) : kernel.open("/no/such/file", 0);
                if (result != (even ? -9 : -2)) {
                  return false;
                }
              }
              return true;
            };
        results.add(threads.submit(calls));
      }
      for (var result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  @Test
  void optionsAreReadBackAsTheyWereSet() throws Exception {
    int opened = kernel.socket(SocketConstants.AF_NETLINK, SocketConstants.SOCK_RAW, 0);
    try (var socket = new Descriptor(kernel, opened, "netlink socket")) {
      byte[] timeout = {7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
      assertThat(kernel.setOption(socket.value(), 1, SocketConstants.SO_RCVTIMEO, timeout))
          .isZero();
      byte[] read = new byte[16];
      assertThat(kernel.getOption(socket.value(), 1, SocketConstants.SO_RCVTIMEO, read))
          .isEqualTo(16);
      assertThat(read).isEqualTo(timeout);
    }
  }

  @Test
  void aThreadHasANiceValueOfItsOwnThatItsThreadsAndProcessesDoNotInherit() throws Exception {
    var missing = Privileges.current().problem(Capability.SYS_NICE, "for a lower nice value");
    assumeTrue(missing.isEmpty(), missing.toString());
    var values = new ArrayList<String>();
    Callable<Boolean> nice =
        () -> {
          values.add(niceOf(Path.of("/proc/thread-self/stat")));
          assertThat(
                  kernel.setScheduler(
                      SocketConstants.SCHED_OTHER | SocketConstants.SCHED_RESET_ON_FORK))
              .isZero();
          assertThat(kernel.setNice(-7)).isZero();
          values.add(niceOf(Path.of("/proc/thread-self/stat")));
          try (var child = Executors.newSingleThreadExecutor()) {
            Callable<String> inherited = () -> niceOf(Path.of("/proc/thread-self/stat"));
            values.add(child.submit(inherited).get());
          }
          var process = new ProcessBuilder("sleep", "60").start();
          values.add(niceOf(Path.of("/proc/" + process.pid() + "/stat")));
          process.destroy();
          return process.waitFor() != 0;
        };
    try (var thread = Executors.newSingleThreadExecutor()) {
      assertThat(thread.submit(nice).get()).isTrue();
    }
    String before = values.getFirst();
    assertThat(values).containsExactly(before, "-7", "0", "0");
    assertThat(niceOf(Path.of("/proc/thread-self/stat"))).as("the test's own").isEqualTo(before);
  }

  /** Returns field 19 of {@code proc(5)}; the second, which may have blanks, is in parentheses. */
  private static String niceOf(Path stat) throws IOException {
    String line = Files.readString(stat);
    return line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[16];
  }

  @Test
  void onlyReadyDescriptorsAreReported() {
    try (var idle = counter();
        var ready = counter()) {
      assertThat(kernel.write(ready.value(), new byte[] {1, 0, 0, 0, 0, 0, 0, 0})).isEqualTo(8);
      var reported = new boolean[2];
      assertThat(kernel.poll(new int[] {idle.value(), ready.value()}, reported, 0)).isEqualTo(1);
      assertThat(reported).containsExactly(false, true);
      byte[] value = new byte[8];
      assertThat(kernel.read(ready.value(), value)).isEqualTo(8);
      assertThat(value[0]).isEqualTo((byte) 1);
      assertThat(kernel.read(ready.value(), value)).isEqualTo(-Errno.EAGAIN.code());
    }
  }

  private Descriptor counter() {
    return new Descriptor(
        kernel,
        kernel.eventCounter(SocketConstants.EFD_NONBLOCK | SocketConstants.EFD_CLOEXEC),
        "counter");
  }

  @Test
  void refusalsNameTheOperationTheErrnoAndTheRemedy() {
    assertThatThrownBy(() -> Refusal.check(-24, Capability.NET_RAW, "open a socket"))
        .isInstanceOf(SystemCallException.class)
        .hasMessage(
            "open a socket: EMFILE (this process has reached its limit of open files, ulimit -n)");
    assertThatThrownBy(() -> Refusal.check(-523, Capability.NET_RAW, "open a socket"))
        .hasMessage("open a socket: errno 523");
    assertThatThrownBy(() -> new NetworkNamespace("no-such").call(kernel, () -> 1))
        .hasMessage("open /run/netns/no-such: ENOENT");
    assertThatThrownBy(() -> new NetworkNamespace("../etc"))
        .hasMessageContaining("expected: a name in /run/netns");
  }
}
