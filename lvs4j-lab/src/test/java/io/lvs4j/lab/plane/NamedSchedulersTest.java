package io.lvs4j.lab.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A keepalived.conf that was read without a source of schedulers, served without privilege. */
class NamedSchedulersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf",
        "twos"
      })
  void decideAsThoseOfTheKernel(String name, @TempDir Path directory) throws Exception {
    try (var real = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      real.setSoTimeout(10_000);
      int port = freePort();
      var file =
          Files.writeString(
              directory.resolve("keepalived.conf"),
              """
              virtual_server 127.0.0.1 %d {
                protocol TCP
                lb_algo %s
                lb_kind NAT
                real_server 127.0.0.1 %d {
                  weight 1
                }
              }
              """
                  .formatted(port, name, real.getLocalPort()));
      var configuration = KeepalivedConfiguration.read(file);
      var builder = Director.builder();
      configuration.virtualServers().forEach(builder::virtualServer);
      try (var director = builder.build()) {
        director.start();
        try (var client = new Socket(InetAddress.getLoopbackAddress(), port);
            var served = real.accept()) {
          served.getOutputStream().write('s');
          assertThat(client.getInputStream().read()).isEqualTo('s');
        }
        assertThat(director.snapshot().virtualServers().getFirst().scheduler().name())
            .isEqualTo(name);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
