package io.lvs4j.lab.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.peer.FreePorts;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Load of all kinds, exhaustion and faults, on a director with 128 MiB of heap and 300 descriptors,
 * in a process of its own. {@code -Dlvs4j.soak.minutes=30} lets it last; without that it is over in
 * half a minute. It prints its figures once a minute.
 */
class SoakTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(15);
  private static final int DESCRIPTORS = 300;
  private static final int MOST_LINES_A_MINUTE = 100;

  /** What the director says of itself. */
  private record Figures(
      boolean running,
      int loopsLost,
      long faults,
      int descriptors,
      long direct,
      long heap,
      int connections) {
    static Figures of(RunningProcess director) {
      var words = director.ask("figures").split(" ", -1);
      return new Figures(
          Boolean.parseBoolean(words[0]),
          Integer.parseInt(words[1]),
          Long.parseLong(words[2]),
          Integer.parseInt(words[3]),
          Long.parseLong(words[4]),
          Long.parseLong(words[5]),
          Integer.parseInt(words[6]));
    }
  }

  private final SplittableRandom random =
      new SplittableRandom(Long.getLong("lvs4j.seed", 20261201L));
  private int[] ports = {};

  @Test
  void aDirectorInWantOfEverythingLosesNoLoopAndLeaksNothing() throws Exception {
    var prlimit = Program.find("prlimit");
    assumeTrue(prlimit.isPresent(), "prlimit is not installed");
    long minutes = Long.getLong("lvs4j.soak.minutes", 0);
    var duration = minutes == 0 ? SHORT : Duration.ofMinutes(minutes);
    ports = IntStream.generate(FreePorts::next).distinct().limit(9).toArray();
    try (var workspace = Workspace.create();
        var first = new Echo(ports[5]);
        var second = new Echo(ports[6]);
        var stream = new Endless(ports[7]);
        var datagrams = new DatagramEcho(ports[8])) {
      var command =
          new ArrayList<>(prlimit.get().command("--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS));
      command.addAll(
          Jvm.command(
              List.of("-Xmx128m"),
              SoakDirector.class,
              Arrays.stream(ports).mapToObj(Integer::toString).toArray(String[]::new)));
      var director = workspace.start("soak", command).awaitListening(ports[0]);
      assertServes();
      round(director, second);
      var before = quiet(director);
      long began = System.nanoTime();
      long nextMinute = began + TimeUnit.MINUTES.toNanos(1);
      int lines = lines(director);
      int linesBefore = lines;
      while (System.nanoTime() - began < duration.toNanos()) {
        round(director, second);
        assertServes();
        if (System.nanoTime() - nextMinute > 0) {
          nextMinute += TimeUnit.MINUTES.toNanos(1);
          var now = Figures.of(director);
          System.out.println("soak: " + now + ", " + (lines(director) - lines) + " lines");
          assertThat(lines(director) - lines).isLessThan(MOST_LINES_A_MINUTE);
          lines = lines(director);
          assertThat(now.running()).isTrue();
          assertThat(now.loopsLost()).isZero();
        }
      }
      var after = quiet(director);
      System.out.println(
          "soak: before "
              + before
              + ", after "
              + after
              + ", "
              + (lines(director) - linesBefore)
              + " lines in "
              + duration);
      assertThat(after.running()).isTrue();
      assertThat(after.loopsLost()).isZero();
      assertThat(after.faults()).isGreaterThan(before.faults());
      assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 10);
      assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + (16L << 20));
      assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + (16L << 20));
    }
  }

  /** Waits until nothing is open, and returns what the director takes then. */
  private static Figures quiet(RunningProcess director) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> Figures.of(director).connections() == 0);
    return Figures.of(director);
  }

  private static int lines(RunningProcess director) {
    return (int) director.log().lines().count();
  }

  /** Each virtual server does its work, as soon as what exhausts it has gone. */
  private void assertServes() {
    await("plain TCP").atMost(SOON).until(() -> echoes(ports[0], ""));
    await("TCP with headers")
        .atMost(SOON)
        .until(() -> echoes(ports[1], "PROXY TCP4 192.0.2.1 198.51.100.2 1 80\r\n"));
    await("UDP").atMost(SOON).until(() -> answers(ports[4]));
    await("a scheduler that works once in four times")
        .atMost(SOON)
        .until(() -> echoes(ports[3], ""));
  }

  /** Five seconds' worth of trouble, all of it at once. */
  private void round(RunningProcess director, Echo flapping) throws Exception {
    long seed = random.nextLong();
    var all = new ArrayList<Thread>();
    all.add(start(() -> hold(60 + (int) (seed & 0xff), ports[0], new byte[] {1})));
    all.add(start(() -> hold(60, ports[1], unfinishedHeader())));
    all.add(start(() -> hold(60, ports[2], new byte[] {1})));
    all.add(start(() -> flood(400)));
    all.add(
        start(() -> {
          for (int i = 0; i < 50; i++) {
            var _ = echoes(ports[3], "");
          }
        }));
    if ((seed & 0x700) == 0) {
      flapping.pause();
    } else {
      flapping.resume();
    }
    // It may be refused for want of descriptors, as a whole.
    assertThat(director.ask("reload")).isIn("reloaded", "refused");
    for (var each : all) {
      each.join();
    }
    await("a reload with descriptors to be had")
        .atMost(SOON)
        .until(() -> director.ask("reload").equals("reloaded"));
  }

  private interface Load {
    void run() throws IOException;
  }

  private static Thread start(Load load) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            load.run();
          } catch (IOException refused) {
            // That is what it was for.
          }
        });
  }

  private static byte[] unfinishedHeader() {
    var header = Arrays.copyOf("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII), 60_000);
    header[12] = 0x21;
    header[13] = 0x11;
    header[14] = (byte) 0xff;
    header[15] = (byte) 0xff;
    return header;
  }

  /** Opens connections, sends the same on each, reads nothing, and closes them after a second. */
  private static void hold(int count, int port, byte[] first) throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < count; i++) {
        var socket = new Socket();
        sockets.add(socket);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 3_000);
        socket.getOutputStream().write(first);
      }
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /** A datagram each from many ports. */
  private void flood(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      try (var socket = new DatagramSocket()) {
        socket.send(
            new DatagramPacket(new byte[16], 16, new InetSocketAddress("127.0.0.1", ports[4])));
      }
    }
  }

  private static boolean echoes(int port, String header) {
    try (var socket = new Socket()) {
      socket.setSoTimeout(3_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 3_000);
      socket.getOutputStream().write((header + "hello").getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return Arrays.equals(
          socket.getInputStream().readAllBytes(), "hello".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException notNow) {
      return false;
    }
  }

  private static boolean answers(int port) {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(1_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      socket.send(new DatagramPacket(new byte[3], 3));
      socket.receive(new DatagramPacket(new byte[16], 16));
      return true;
    } catch (IOException notNow) {
      return false;
    }
  }

  /** A server that sends back what it gets, and can stop accepting for a while. */
  private static final class Echo implements AutoCloseable {
    private final int port;
    private ServerSocket listener;

    Echo(int port) throws IOException {
      this.port = port;
      this.listener = listen();
    }

    private ServerSocket listen() throws IOException {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress("127.0.0.1", port), 1024);
      Thread.ofVirtual().start(() -> accept(socket));
      return socket;
    }

    private static void accept(ServerSocket socket) {
      try {
        while (true) {
          var accepted = socket.accept();
          start(() -> {
            try (accepted) {
              accepted.getInputStream().transferTo(accepted.getOutputStream());
            }
          });
        }
      } catch (IOException closed) {
        // Paused, or over.
      }
    }

    void pause() throws IOException {
      listener.close();
    }

    void resume() throws IOException {
      if (listener.isClosed()) {
        listener = listen();
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** A server that sends without end. */
  private static final class Endless implements AutoCloseable {
    private final ServerSocket listener;

    Endless(int port) throws IOException {
      listener = new ServerSocket(port, 1024, InetAddress.getByName("127.0.0.1"));
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                var accepted = listener.accept();
                start(() -> {
                  try (accepted) {
                    var chunk = new byte[64 * 1024];
                    while (true) {
                      accepted.getOutputStream().write(chunk);
                    }
                  }
                });
              }
            } catch (IOException closed) {
              // Over.
            }
          });
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** A server that sends datagrams back. */
  private static final class DatagramEcho implements AutoCloseable {
    private final DatagramSocket socket;

    DatagramEcho(int port) throws IOException {
      socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", port));
      start(() -> {
        var packet = new DatagramPacket(new byte[2048], 2048);
        while (true) {
          packet.setLength(2048);
          socket.receive(packet);
          socket.send(packet);
        }
      });
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
