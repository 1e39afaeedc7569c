package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.linux.LinuxEchoProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole process in trouble, with checks of every kind: stopped for a while, or out of files. */
@Timeout(180)
class RobustnessTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
  private static final int FILES = 200;

  /** Well, whatever has been told before: all checked, all up, the weights as the servers say. */
  private static final String WELL = "unchecked [], down [], weights 7 5, told {}";

  @TempDir private Path directory;
  private EveryChecker servers;
  private Process process;
  private PrintStream orders;
  private BufferedReader answers;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
    assumeTrue(Files.isExecutable(Path.of("/bin/true")), "there is no /bin/true");
    boolean ping = new LinuxEchoProvider().obstacles(AddressFamily.IPV4).isEmpty();
    servers = new EveryChecker(directory, ping);
    var java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                CheckedProcess.class.getName(),
                directory.toString(),
                Boolean.toString(ping)));
    for (var kind : servers.checks().keySet()) {
      var name = HexFormat.of().formatHex(kind.getBytes(StandardCharsets.UTF_8));
      java.add(name + "=" + servers.endpoint(kind).port());
    }
    var command =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n " + FILES + "; exec \"$@\"", "sh"));
    command.addAll(java);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(answers.readLine()).isEqualTo("ready");
    await().atMost(LONG_ENOUGH).until(() -> ask("state").equals(WELL));
  }

  @AfterEach
  void end() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
    if (servers != null) {
      servers.close();
    }
  }

  private String ask(String order) throws IOException {
    orders.println(order);
    return String.valueOf(answers.readLine());
  }

  private void signal(String name) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  /** Lets time pass while something lasts. */
  private static void last(Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    await().atMost(LONG_ENOUGH).until(() -> System.nanoTime() - until >= 0);
  }

  /** Stops whatever answers one kind, and waits until the process has seen it. */
  private void assertThatChecksStillWork() throws Exception {
    servers.close();
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() ->
            assertThat(ask("state"))
                .contains("TCP_CHECK:")
                .contains("HTTP_GET:")
                .contains("SSL_GET:")
                .contains("SMTP_CHECK:")
                .contains("UDP_CHECK:")
                .contains("DNS_CHECK:")
                .contains("gRPC health:")
                .contains("gRPC health over TLS:"));
    Files.writeString(directory.resolve("value"), "5");
    await().atMost(LONG_ENOUGH).until(() -> ask("state").contains("weights 15 5"));
  }

  @Test
  void aProcessThatWasStoppedForThreeSecondsFindsNobodyDown() throws Exception {
    for (int round = 0; round < 2; round++) {
      signal("STOP");
      last(Duration.ofSeconds(3));
      signal("CONT");
      assertThat(ask("state")).isEqualTo(WELL);
      last(Duration.ofSeconds(1));
      assertThat(ask("state")).isEqualTo(WELL);
    }
    assertThatChecksStillWork();
  }

  private long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return open.count();
    }
  }

  @Test
  void aProcessWithoutDescriptorsFindsNobodyDownAndLosesNone() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    for (int round = 0; round < 2; round++) {
      assertThat(ask("hoard")).contains("Too many open files");
      last(Duration.ofSeconds(1));
      assertThat(ask("hoard")).contains("Too many open files");
      last(Duration.ofMillis(500));
      assertThat(ask("state")).isEqualTo(WELL);
      assertThat(ask("release")).startsWith("released ");
      last(Duration.ofMillis(500));
      assertThat(ask("state")).isEqualTo(WELL);
    }
    await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(descriptors()).isLessThan(100));
    assertThatChecksStillWork();
  }
}
