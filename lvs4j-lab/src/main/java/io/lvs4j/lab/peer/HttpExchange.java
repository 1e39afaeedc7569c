package io.lvs4j.lab.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One request on a connection of its own: the least that shows which server answers. */
public final class HttpExchange {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private HttpExchange() {}

  /**
   * Returns the name by which a {@linkplain Nginx#realServer real server} answers.
   *
   * @throws IOException if there is no connection, or no answer, or none with a name
   */
  public static String answeringServer(int port) throws IOException {
    try (var socket = new Socket()) {
      int patience = Math.toIntExact(PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patience);
      socket.setSoTimeout(patience);
      socket.getOutputStream().write(REQUEST);
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer
          .lines()
          .filter(line -> line.startsWith("X-Server: "))
          .map(line -> line.substring("X-Server: ".length()))
          .findFirst()
          .orElseThrow(() -> new IOException("answer: " + answer + " (expected: an X-Server)"));
    }
  }
}
