package io.lvs4j.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Jvm;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways and what is behind them, each a host with its own network, as a user has them. */
class TwoGatewaysTest {
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");
  private static final Duration TO_START = Duration.ofSeconds(120);

  private LabNetwork network;
  private Workspace workspace;
  private Host client;
  private HttpServer web;
  private ServerSocket mail;
  private DatagramSocket dns;
  private String failure = "";

  @BeforeEach
  void setUp() {
    var obstacle = LabNetwork.obstacle();
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    network = LabNetwork.of("one", "two", "client");
    workspace = Workspace.create();
    client = network.host("client");
    web = client.call(TwoGatewaysTest::webServer);
    mail = client.call(() -> new ServerSocket(2525));
    dns = client.call(() -> new DatagramSocket(5353));
    Thread.ofPlatform().daemon().start(this::greet);
    Thread.ofPlatform().daemon().start(this::answer);
  }

  @AfterEach
  void tearDown() throws IOException {
    if (network == null) {
      return;
    }
    workspace.close();
    web.stop(0);
    mail.close();
    dns.close();
    network.close();
  }

  private static HttpServer webServer() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(9000), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    return server;
  }

  private void greet() {
    try {
      while (true) {
        try (var socket = mail.accept()) {
          socket.getOutputStream().write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException closed) {
      assertThat(mail.isClosed()).isTrue();
    }
  }

  private void answer() {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[512], 512);
        dns.receive(packet);
        dns.send(packet);
      }
    } catch (IOException closed) {
      assertThat(dns.isClosed()).isTrue();
    }
  }

  private RunningProcess start(String name, int priority) {
    var behind = client.ipv4().getHostAddress();
    return network
        .host(name)
        .start(
            workspace,
            Jvm.command(
                List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"),
                GatewayApplication.class,
                "--spring.profiles.active=vip",
                "--spring.main.banner-mode=off",
                "--logging.threshold.console=off",
                "--management.endpoint.lvs4j.access=unrestricted",
                "--logging.file.name=" + workspace.path().resolve(name + ".log"),
                "--gateway.name=" + name,
                "--gateway.vip=" + VIP.getHostAddress(),
                "--gateway.members=10.77.0.1:8080,10.77.0.2:8080",
                "--gateway.backend=" + behind + ":9000",
                "--gateway.mail=" + behind + ":2525",
                "--gateway.dns=" + behind + ":5353",
                "--lvs4j.vrrp.instances.gateway.version=v3",
                "--lvs4j.vrrp.instances.gateway.advertisement-interval=200ms",
                "--lvs4j.vrrp.instances.gateway.priority=" + priority));
  }

  /** Returns which gateway has answered a request to the virtual address; empty if none has. */
  private Optional<String> request() {
    return attempt(() -> {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(VIP, 80), 2_000);
        socket.setSoTimeout(5_000);
        socket
            .getOutputStream()
            .write(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return answer.startsWith("HTTP/1.1 200")
            ? answer.lines().filter(line -> line.startsWith("X-Gateway: ")).findFirst()
            : refused(answer);
      }
    });
  }

  private Optional<String> refused(String answer) {
    failure = answer.lines().findFirst().orElse("no answer");
    return Optional.empty();
  }

  private Optional<String> attempt(Callable<Optional<String>> question) {
    return client.call(() -> {
      try {
        return question.call();
      } catch (IOException none) {
        failure = none.toString();
        return Optional.empty();
      }
    });
  }

  private Optional<String> greeting() {
    return attempt(() -> {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(VIP, 25), 2_000);
        socket.setSoTimeout(5_000);
        return Optional.of(
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
      }
    });
  }

  private Optional<String> echo(String text) {
    return attempt(() -> {
      try (var socket = new DatagramSocket()) {
        socket.setSoTimeout(2_000);
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, VIP, 53));
        var packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        return Optional.of(
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
      }
    });
  }

  private String post(String name, String operation) {
    var json = "{\"instance\": \"gateway\"}";
    return ask(
        name,
        "POST /actuator/lvs4j/"
            + operation
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
  }

  private String health(String name) {
    return ask(name, "GET /actuator/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  /** Asks a gateway itself. */
  private String ask(String name, String request) {
    return client.call(() -> {
      try (var socket = new Socket(network.host(name).ipv4(), 8080)) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    });
  }

  private boolean bothAnswer() {
    var seen = new HashSet<String>();
    for (int i = 0; i < 4; i++) {
      request().ifPresent(seen::add);
    }
    return seen.size() == 2;
  }

  private boolean holds(String name) {
    return network.host(name).has(VIP);
  }

  @Test
  void oneAddressIsServedByAllAndOutlivesEach() {
    var one = start("one", 150);
    var two = start("two", 100);
    await("both gateways answer at one address")
        .atMost(TO_START)
        .failFast(() -> assertThat(List.of(one, two)).allMatch(RunningProcess::isAlive))
        .until(() -> holds("one") && bothAnswer());
    assertThat(holds("two")).isFalse();
    assertThat(greeting()).contains("220 mail");
    assertThat(echo("which.example")).contains("which.example");

    // Somebody asks the holder to leave the address to the other, and to take it back.
    assertThat(post("one", "step-down")).contains("\"steppedDown\":true");
    await().until(() -> holds("two") && !holds("one"));
    assertThat(health("one")).startsWith("HTTP/1.1 503").contains("FAULT: tracker step-down");
    assertThat(health("two")).startsWith("HTTP/1.1 200").contains("MASTER");
    post("one", "take-back");
    await().until(() -> holds("one") && !holds("two") && bothAnswer());
    assertThat(health("two")).startsWith("HTTP/1.1 200").contains("BACKUP");

    // The holder stops in an orderly way. At most the request fails that is under way at the moment
    // when the address moves: a connection can't follow it to another host.
    var failures = new ArrayList<String>();
    ProcessHandle.of(one.pid()).orElseThrow().destroy();
    int asked = 0;
    while (one.isAlive() || !holds("two")) {
      if (request().isEmpty()) {
        failures.add("request " + asked + ": " + failure);
      }
      asked++;
    }
    assertThat(failures)
        .as("failed of %d requests while the holder stopped", asked)
        .hasSizeLessThanOrEqualTo(1);
    assertThat(holds("one")).isFalse();

    // It comes back, and is killed.
    var again = start("one", 150);
    await("the first gateway holds the address again")
        .atMost(TO_START)
        .until(() -> holds("one") && bothAnswer());
    again.kill();
    await("the second gateway has taken over")
        .atMost(Duration.ofSeconds(30))
        .until(() -> holds("two") && request().isPresent());
    await().until(() -> echo("who.example").isPresent() && greeting().isPresent());
  }
}
