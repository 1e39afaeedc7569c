package io.lvs4j.examples.viponly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example as people run it: processes of its own, on hosts of their own. */
@Timeout(120)
class VipOnlyTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final String VIP = "10.99.0.100";

  @TempDir Path directory;

  @Test
  void theAddressOutlivesTheProcessThatHeldIt() throws Exception {
    assumeTrue(ThreeHosts.obstacle().isEmpty(), ThreeHosts.obstacle());
    try (var hosts = ThreeHosts.connect()) {
      var first = start("host1", 150);
      var second = start("host2", 100);
      try {
        await().atMost(LONG_ENOUGH).until(() -> answeredBy(first));

        first.destroyForcibly().waitFor();
        await().atMost(LONG_ENOUGH).until(() -> answeredBy(second));
        assertThat(ThreeHosts.ip("host1", "address show")).doesNotContain(VIP);
        assertThat(log("host2"))
            .contains("the address is elsewhere: started", "the address is here: no advert");

        second.destroy();
        assertThat(second.waitFor()).as("SIGTERM").isEqualTo(128 + 15);
        assertThat(ThreeHosts.ip("host2", "address show")).doesNotContain(VIP);
        assertThat(ThreeHosts.ask(VIP, 8080)).isEmpty();
      } finally {
        first.destroyForcibly().waitFor();
        second.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void withoutPrivilegeItSaysWhatIsMissing() throws Exception {
    var command = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv command");
      command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
    }
    var process = start("unprivileged", command, "lo", "127.9.9.9/32", "150");

    assertThat(process.waitFor()).isEqualTo(3);
    assertThat(log("unprivileged")).startsWith("vip-only: ").contains("CAP_NET_RAW");
  }

  @Test
  void whatIsWrongIsToldAtOnce() throws Exception {
    var process = start("wrong", List.of(), "eth0", "192.168.0/24", "256");

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(log("wrong"))
        .contains("priority: 256 (expected: 1-254, or 255 for the address owner)")
        .contains("virtual address: 192.168.0 (expected: an IPv4 or IPv6 address)");
    assertThat(start("usage", List.of(), "eth0").waitFor()).isEqualTo(2);
    assertThat(log("usage")).startsWith("vip-only: usage: ");
  }

  private Process start(String host, int priority) throws IOException {
    var command = List.of("ip", "netns", "exec", ThreeHosts.namespace(host));
    return start(host, command, "eth0", VIP + "/24", "" + priority);
  }

  private Process start(String name, List<String> before, String... arguments) throws IOException {
    var command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            VipOnly.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(file(name).toFile())
        .start();
  }

  private static boolean answeredBy(Process process) throws Exception {
    return ThreeHosts.ask(VIP, 8080).endsWith("answered by process " + process.pid() + "\n");
  }

  private String log(String name) throws IOException {
    return Files.readString(file(name), StandardCharsets.UTF_8);
  }

  private Path file(String name) {
    return directory.resolve(name + ".log");
  }
}
