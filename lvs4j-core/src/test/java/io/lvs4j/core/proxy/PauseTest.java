package io.lvs4j.core.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pause of the process, longer than every timeout, while the peers go on. */
class PauseTest {
  private static final Duration BEAT = Duration.ofMillis(50);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(1);

  @AfterEach
  void closeAll() throws Exception {
    beats.shutdownNow();
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T owned(T resource) {
    open.add(resource);
    return resource;
  }

  /** The process under test: a plane whose sockets all have short timeouts. */
  static final class Director {
    private Director() {}

    /** Serves until its input ends: transport, TCP port, UDP port, PROXY port, real server's. */
    public static void main(String... arguments) throws IOException {
      var timeout = Duration.ofMillis(Integer.parseInt(arguments[5]));
      var streams = server(arguments[4]);
      var datagrams = server(arguments[6]);
      try (var plane =
          ProxyDataPlane.builder()
              .eventLoops(1)
              .transport(Transport.valueOf(arguments[0]))
              .build()) {
        var tcp = VirtualServer.tcp("127.0.0.1", Integer.parseInt(arguments[1]));
        var udp = VirtualServer.udp("127.0.0.1", Integer.parseInt(arguments[2]));
        var header = VirtualServer.tcp("127.0.0.1", Integer.parseInt(arguments[3]));
        serve(plane, tcp, timeout, streams);
        serve(plane, udp, timeout, datagrams);
        serve(plane, header.acceptProxyProtocol(), timeout, streams);
        System.out.println("ready");
        while (System.in.read() >= 0) {
          // Until the test closes it.
        }
      }
    }

    private static InetSocketAddress server(String port) {
      return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }

    private static void serve(
        ProxyDataPlane plane,
        VirtualServer.Builder settings,
        Duration timeout,
        InetSocketAddress server) {
      var definition =
          settings
              .scheduler(Schedulers.roundRobin())
              .idleTimeout(timeout)
              .halfClosedTimeout(timeout)
              .connectTimeout(timeout)
              .build();
      List<Destination> destinations = List.of(Front.destination(server));
      plane.add(definition, destinations).toCompletableFuture().join();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void nobodyIsBlamedForAStoppedProcess(Transport transport) throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "signals of POSIX");
    var server = owned(new Peers.Server(this::echoOrStream));
    var datagrams = owned(new EchoOfDatagrams());
    var ports = List.of(Peers.freePort(), Peers.freePort(), Peers.freePort());
    var director =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Director.class.getName(),
                transport.name(),
                ports.get(0).toString(),
                ports.get(1).toString(),
                ports.get(2).toString(),
                Integer.toString(server.address().getPort()),
                "2500",
                Integer.toString(datagrams.socket.getLocalPort()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    owned(() -> {
      director.destroyForcibly();
      director.waitFor();
    });
    var lines = new BufferedReader(new InputStreamReader(director.getInputStream(), US_ASCII));
    assertThat(lines.readLine()).isEqualTo("ready");
    var peers = new Speakers();
    for (int i = 0; i < 25; i++) {
      peers.echo(ports.get(0));
      peers.halfClosed(ports.get(0));
      peers.datagrams(ports.get(1));
    }
    await().atMost(Duration.ofSeconds(30)).until(peers::haveAllAnswers);
    var late = new Socket("127.0.0.1", ports.get(2));
    owned(late);
    late.setSoTimeout(20_000);
    int sessions = datagrams.clients.size();

    signal("STOP", director);
    var spoken = peers.rounds.get();
    await().atMost(Duration.ofSeconds(60)).until(() -> peers.rounds.get() >= spoken + 80);
    late.getOutputStream().write("PROXY UNKNOWN\r\ne".getBytes(US_ASCII));
    signal("CONT", director);

    assertThat(late.getInputStream().read()).isEqualTo('e');
    peers.answers.clear();
    await().atMost(Duration.ofSeconds(20)).until(peers::haveAllAnswers);
    assertThat(peers.cut).isEmpty();
    assertThat(datagrams.clients).as("sessions, each with a socket").hasSize(sessions);
  }

  private static void signal(String name, Process process) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @EveryTransport
  void nobodyIsBlamedForALoopThatStandsStill(Transport transport) throws Exception {
    var stand = new CountDownLatch(1);
    var server = owned(new Peers.Server(this::echoOrStream));
    var datagrams = owned(new EchoOfDatagrams());
    var plane = owned(Front.plane(transport, settings -> settings.eventLoops(1)));
    var timeout = Duration.ofMillis(1500);
    int tcp = Peers.freePort();
    int udp = Peers.freePort();
    int still = Peers.freePort();
    Director.serve(plane, VirtualServer.tcp("127.0.0.1", tcp), timeout, server.address());
    Director.serve(
        plane,
        VirtualServer.udp("127.0.0.1", udp),
        timeout,
        (InetSocketAddress) datagrams.socket.getLocalSocketAddress());
    plane
        .add(
            VirtualServer.tcp("127.0.0.1", still)
                .scheduler((servers, flow) -> {
                  try {
                    stand.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return -1;
                })
                .build(),
            List.of(Front.destination(server.address())))
        .toCompletableFuture()
        .join();
    var peers = new Speakers();
    for (int i = 0; i < 10; i++) {
      peers.echo(tcp);
      peers.halfClosed(tcp);
      peers.datagrams(udp);
    }
    await().atMost(Duration.ofSeconds(30)).until(peers::haveAllAnswers);
    int sessions = datagrams.clients.size();

    owned(new Socket("127.0.0.1", still));
    var spoken = peers.rounds.get();
    await().atMost(Duration.ofSeconds(60)).until(() -> peers.rounds.get() >= spoken + 60);
    stand.countDown();

    peers.answers.clear();
    await().atMost(Duration.ofSeconds(20)).until(peers::haveAllAnswers);
    assertThat(peers.cut).isEmpty();
    assertThat(datagrams.clients).hasSize(sessions);
  }

  /** Sends back what it gets; to a client that ends its side at once it speaks itself. */
  private void echoOrStream(Socket socket) throws IOException {
    var in = socket.getInputStream();
    int first = in.read();
    if (first == 's') {
      var ended = new CountDownLatch(1);
      var beat =
          beats.scheduleAtFixedRate(
              () -> {
                try {
                  socket.getOutputStream().write('s');
                } catch (IOException e) {
                  ended.countDown();
                }
              },
              0,
              BEAT.toMillis(),
              TimeUnit.MILLISECONDS);
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      beat.cancel(false);
      return;
    }
    socket.getOutputStream().write(first);
    in.transferTo(socket.getOutputStream());
  }

  private static final class EchoOfDatagrams implements AutoCloseable {
    final DatagramSocket socket;
    final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    EchoOfDatagrams() throws IOException {
      socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
      socket.setReceiveBufferSize(1 << 20);
      Thread.ofVirtual()
          .start(() -> {
            var packet = new DatagramPacket(new byte[100], 100);
            try {
              while (true) {
                socket.receive(packet);
                clients.add((InetSocketAddress) packet.getSocketAddress());
                socket.send(packet);
              }
            } catch (IOException e) {
              assertThat(socket.isClosed()).isTrue();
            }
          });
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** Clients that speak with each beat, or listen to a server that does. */
  private final class Speakers {
    final AtomicInteger rounds = new AtomicInteger();
    final Set<String> answers = ConcurrentHashMap.newKeySet();
    final List<String> cut = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final List<Socket> speaking = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final List<DatagramSocket> sending = new java.util.concurrent.CopyOnWriteArrayList<>();
    private int number;

    Speakers() {
      beats.scheduleAtFixedRate(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
      for (var socket : speaking) {
        try {
          socket.getOutputStream().write('e');
        } catch (IOException e) {
          speaking.remove(socket);
        }
      }
      for (var socket : sending) {
        try {
          socket.send(new DatagramPacket(new byte[] {'d'}, 1));
        } catch (IOException e) {
          sending.remove(socket);
        }
      }
      rounds.incrementAndGet();
    }

    void echo(int port) throws IOException {
      var socket = owned(new Socket("127.0.0.1", port));
      listen("echo " + ++number, socket);
      speaking.add(socket);
    }

    void halfClosed(int port) throws IOException {
      var socket = owned(new Socket("127.0.0.1", port));
      socket.getOutputStream().write('s');
      socket.shutdownOutput();
      listen("half-closed " + ++number, socket);
    }

    void datagrams(int port) throws IOException {
      var socket = owned(new DatagramSocket(new InetSocketAddress("127.0.0.1", 0)));
      socket.connect(InetAddress.getLoopbackAddress(), port);
      var name = "datagrams " + ++number;
      sending.add(socket);
      Thread.ofVirtual()
          .start(() -> {
            var packet = new DatagramPacket(new byte[1], 1);
            try {
              while (true) {
                socket.receive(packet);
                answers.add(name);
              }
            } catch (IOException e) {
              if (!socket.isClosed()) {
                cut.add(name + ": " + e.getMessage());
              }
            }
          });
    }

    private void listen(String name, Socket socket) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              var in = socket.getInputStream();
              while (in.read() >= 0) {
                answers.add(name);
              }
              cut.add(name + ": ended");
            } catch (IOException e) {
              if (!socket.isClosed()) {
                cut.add(name + ": " + e.getMessage());
              }
            }
          });
    }

    boolean haveAllAnswers() {
      return answers.size() + cut.size() >= number;
    }
  }
}
