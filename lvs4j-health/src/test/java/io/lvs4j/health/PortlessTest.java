package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host without a local port left, by a network namespace that has four. */
@Timeout(120)
class PortlessTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void noLocalPortSaysNothingOfAServer(String loopback) throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare of util-linux");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                "unshare",
                "-n",
                "sh",
                "-c",
                "ip link set lo up && echo 40000 40003 > /proc/sys/net/ipv4/ip_local_port_range"
                    + " && exec \"$@\"",
                "sh",
                java,
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PortlessProcess.class.getName(),
                loopback)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines;
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().toList();
    } finally {
      process.destroyForcibly();
    }
    assertThat(lines).hasSize(2);
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(line)
                .startsWith("true ")
                .contains("not checked: no local port left", "net.ipv4.ip_local_port_range"));
  }
}
