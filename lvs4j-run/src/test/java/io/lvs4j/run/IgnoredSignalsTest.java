package io.lvs4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A director whose parent ignored the signals that it lives by, as nohup and shells do. */
class IgnoredSignalsTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final List<String> IGNORING =
      List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh");

  @TempDir Path directory;

  @Test
  void hearsThemAllTheSame() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var file = directory.resolve("k.conf");
    var text =
        """
        virtual_server 127.0.0.1 %d {
          lb_algo %s
          protocol TCP
          real_server 127.0.0.1 9 {
          }
        }
        """;
    Files.writeString(file, text.formatted(port, "rr"));
    try (var run =
        RunProcess.start(
            directory, IGNORING, "run", file.toString(), "--plane", "proxy", "--drain", "0")) {
      await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("lvs4j ready"));
      Files.writeString(file, text.formatted(port, "wrr"));
      run.signal("HUP");
      await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("reloaded"));
      assertThat(run.end("INT")).as(run.errors()).isZero();
    }
  }
}
