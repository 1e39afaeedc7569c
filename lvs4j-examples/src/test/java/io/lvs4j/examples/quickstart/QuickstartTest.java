package io.lvs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The director of the README, run as it stands there. */
class QuickstartTest {
  private static final int REQUESTS = 100;

  @Test
  void clientsOneAfterTheOtherAreSpreadByWeight() throws Exception {
    for (int port : new int[] {8080, 9001, 9002}) {
      assumeThat(isFree(port)).as("port " + port + " is free").isTrue();
    }
    var one = server(9001, "one");
    var two = server(9002, "two");
    var director =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Quickstart.main();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> !get().isEmpty());
      var spread = new TreeMap<String, Integer>();
      for (int i = 0; i < REQUESTS; i++) {
        spread.merge(get(), 1, Integer::sum);
      }
      // What the README says: 25 and 75, give or take what came before.
      assertThat(spread).containsOnlyKeys("one", "two");
      assertThat(spread.get("one")).as("%s", Map.copyOf(spread)).isBetween(20, 30);
    } finally {
      director.interrupt();
      director.join();
      one.stop(0);
      two.stop(0);
    }
  }

  private static boolean isFree(int port) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static HttpServer server(int port, String name) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = name.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Connection", "close");
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    return server;
  }

  private static String get() throws IOException {
    try (var socket = new Socket("127.0.0.1", 8080)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: quickstart\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }
}
