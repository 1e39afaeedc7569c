package io.lvs4j.run.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.Director;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class AdminServerTest {
  private final Director director = Director.builder().build();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(director));

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private AdminServer admin(String address, String... hosts) {
    director.start();
    var admin =
        AdminServer.listen(new InetSocketAddress(InetAddress.ofLiteral(address), 0), Set.of(hosts));
    open.add(admin);
    admin.show(director);
    return admin;
  }

  private Socket connect(AdminServer admin) throws IOException {
    var at = admin.url().replaceAll("http://|/$", "");
    var socket =
        new Socket(
            InetAddress.ofLiteral(at.substring(0, at.lastIndexOf(':')).replaceAll("[\\[\\]]", "")),
            Integer.parseInt(at.substring(at.lastIndexOf(':') + 1)));
    open.add(socket);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private String ask(AdminServer admin, String request) throws IOException {
    try (var socket = connect(admin)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private int status(AdminServer admin, String host) throws IOException {
    var answer = ask(admin, "GET /status HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return Integer.parseInt(answer.substring(9, 12));
  }

  @Test
  void halfRequestsKeepNobodyFromAnAnswer() throws IOException {
    var admin = admin("127.0.0.1");
    var halves = new ArrayList<Socket>();
    for (int i = 0; i < 100; i++) {
      var half = connect(admin);
      half.getOutputStream().write("GET /status HTTP/1.1\r\nHost: local".getBytes());
      halves.add(half);
    }
    for (var path : List.of("/", "/status", "/ipvs", "/metrics")) {
      assertThat(ask(admin, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK\r\n");
    }
    assertThat(halves.getFirst().getInputStream().readAllBytes())
        .asString()
        .startsWith("HTTP/1.1 408 ");
  }

  @Test
  void onlyAHostThatIsListenedOnIsAnswered() throws IOException {
    var admin = admin("127.0.0.1", "status.example.org");
    for (var here :
        List.of(
            "127.0.0.1",
            "localhost:8080",
            "LOCALHOST",
            "127.0.0.1:1",
            "Status.Example.org:443",
            "[::1]:80")) {
      assertThat(status(admin, here)).as(here).isEqualTo(200);
    }
    for (var foreign :
        List.of(
            "evil.example",
            "evil.example:80",
            "127.0.0.1.evil.example",
            "10.1.2.3",
            "",
            "[::2]",
            "localhost.evil.example")) {
      assertThat(status(admin, foreign)).as(foreign).isEqualTo(421);
    }
    assertThat(ask(admin, "GET /status HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(ask(admin, "GET /status HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(ask(admin, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(ask(admin, "GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(ask(admin, "GET /status?a=b HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
  void theAddressThatIsPrintedCanBeOpenedAndOthersAreWarnedOf(String address) throws IOException {
    var lines = new CopyOnWriteArrayList<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            lines.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("io.lvs4j.run").addHandler(handler);
    try {
      var admin = admin(address);
      var host = admin.url().substring("http://".length()).replace("/", "");
      assertThat(host.substring(0, host.lastIndexOf(':')))
          .isEqualTo(address.equals("::1") ? "[::1]" : "127.0.0.1");
      assertThat(status(admin, host)).isEqualTo(200);
      assertThat(lines)
          .filteredOn(line -> line.contains("no password"))
          .hasSize(address.endsWith("1") ? 0 : 1);
    } finally {
      Logger.getLogger("io.lvs4j.run").removeHandler(handler);
    }
  }

  @Test
  void aDirectorThatLeavesSaysSo() throws IOException {
    var admin = admin("127.0.0.1");
    director.close();
    assertThat(status(admin, "localhost")).isEqualTo(503);
  }
}
