package io.lvs4j.lab.soak;

import static io.lvs4j.lab.soak.Traffic.answers;
import static io.lvs4j.lab.soak.Traffic.echoes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.peer.FreePorts;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.soak.Traffic.Clients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A director, in a process of its own, that runs out of one thing while its clients stay: the
 * others are served, and no thread of it ends.
 */
@Timeout(180)
class WantTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final byte[] A_BYTE = {1};

  private final int[] ports = IntStream.generate(FreePorts::next).distinct().limit(7).toArray();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Workspace workspace;

  @BeforeEach
  void serve() throws IOException {
    workspace = Workspace.create();
    open.add(workspace);
    open.add(new Traffic.Echo(ports[4]));
    open.add(new Traffic.Endless(ports[5]));
    open.add(new Traffic.DatagramEcho(ports[6]));
  }

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private RunningProcess director(String transport, List<String> before, String... options) {
    var arguments = new ArrayList<String>();
    arguments.add(transport);
    for (int port : ports) {
      arguments.add(Integer.toString(port));
    }
    var command = new ArrayList<>(before);
    command.addAll(
        Jvm.command(List.of(options), WantingDirector.class, arguments.toArray(String[]::new)));
    var director = workspace.start("director", command).awaitListening(ports[0]);
    open.add(director);
    // It answers once all of it is there.
    assertRuns(director);
    return director;
  }

  private static List<String> descriptors(int limit) {
    var prlimit = Program.find("prlimit");
    Assumptions.assumeTrue(prlimit.isPresent(), "prlimit is not installed");
    return prlimit.get().command("--nofile=" + limit + ":" + limit);
  }

  /** It is well, and says so. */
  private static void assertRuns(RunningProcess director) {
    assertThat(director.ask("state")).startsWith("running=true loops=alive ");
    assertThat(director.log()).doesNotContain("has ended");
  }

  private void assertServesTcp() {
    for (int i = 0; i < 4; i++) {
      await("plain TCP").atMost(SOON).until(() -> echoes(ports[0], ""));
    }
  }

  private static Socket established(int port) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress("127.0.0.1", port), 3_000);
    assertEchoes(socket);
    return socket;
  }

  private static void assertEchoes(Socket client) throws IOException {
    client.getOutputStream().write(7);
    assertThat(client.getInputStream().read()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPOLL", "NIO"})
  void descriptorsThatRunOutBeforeAnythingWasLoggedEndNoLoop(String transport) throws Exception {
    var logging = Files.createTempFile("lvs4j-logging", ".properties");
    open.add(() -> Files.delete(logging));
    // Nothing is logged before the first warning, then, and java.util.logging is not set up.
    Files.writeString(
        logging,
        """
        handlers = java.util.logging.ConsoleHandler
        .level = WARNING
        """);
    var director =
        director(transport, descriptors(120), "-Djava.util.logging.config.file=" + logging);
    assertThat(records(director)).isZero();
    try (var before = established(ports[0])) {
      try (var _ = Clients.connect(150, ports[0], A_BYTE)) {
        await("the shortage").atMost(SOON).until(() -> director.log().contains("open files"));
        assertEchoes(before);
        assertRuns(director);
      }
      assertServesTcp();
      assertEchoes(before);
    }
    assertRuns(director);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPOLL", "NIO"})
  void hundredsOfClientsThatWaitForADescriptorCostTenAttemptsASecond(String transport)
      throws Exception {
    var command = new ArrayList<>(descriptors(120));
    var trace = workspace.path().resolve("accepts");
    var strace = Program.find("strace");
    Assumptions.assumeTrue(strace.isPresent(), "strace is not installed");
    command.addAll(
        strace.get().command("-f", "-qq", "-e", "trace=accept,accept4", "-o", trace.toString()));
    var director = director(transport, command);
    int records;
    // While its header is awaited a client takes one descriptor, so that it is an accept that
    // fails.
    try (var _ = Clients.connect(400, ports[1], new byte[] {'P'})) {
      await("the shortage").atMost(SOON).until(() -> director.log().contains("open files"));
      records = records(director);
      await("retries").atMost(SOON).until(() -> refused(trace) >= 30);
      long began = System.nanoTime();
      long from = refused(trace);
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
      // Two loops, an attempt each in 100 ms.
      assertThat(refused(trace) - from).isLessThanOrEqualTo(2 * 10 * seconds);
      assertThat(records(director) - records).isLessThanOrEqualTo(2);
    }
    assertServesTcp();
    assertRuns(director);
  }

  private static long refused(Path trace) throws IOException {
    try (var lines = Files.lines(trace)) {
      return lines.filter(line -> line.contains("EMFILE")).count();
    }
  }

  private static int records(RunningProcess director) {
    return Traffic.records(director.log());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPOLL", "NIO"})
  void unfinishedHeadersTakeTheMemoryOfNobodyElse(String transport) throws Exception {
    var director = director(transport, List.of(), "-XX:MaxDirectMemorySize=32m");
    try (var before = established(ports[0]);
        var _ = Clients.connect(700, ports[1], Traffic.unfinishedHeader())) {
      assertServesTcp();
      assertEchoes(before);
      await("TCP with headers")
          .atMost(SOON)
          .until(() -> echoes(ports[1], "PROXY TCP4 192.0.2.1 198.51.100.2 1 80\r\n"));
      assertThat(director.log()).doesNotContain("OutOfMemoryError");
      assertRuns(director);
    }
    assertServesTcp();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPOLL", "NIO"})
  void clientsThatReadNothingStopNoOtherVirtualServer(String transport) throws Exception {
    var director = director(transport, List.of(), "-Xmx64m");
    try (var before = established(ports[0]);
        var _ = Clients.connect(400, ports[2], A_BYTE)) {
      assertServesTcp();
      assertEchoes(before);
      await("UDP").atMost(SOON).until(() -> answers(ports[3]));
      assertRuns(director);
    }
    assertServesTcp();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPOLL", "NIO"})
  void datagramsFromManyPortsLeaveDescriptorsForTcp(String transport) throws Exception {
    var director = director(transport, descriptors(250));
    try (var before = established(ports[0])) {
      for (int i = 0; i < 2; i++) {
        Traffic.flood(400, ports[3]);
        assertServesTcp();
        assertEchoes(before);
      }
      await("UDP").atMost(SOON).until(() -> answers(ports[3]));
      assertRuns(director);
    }
  }
}
