package io.lvs4j.examples.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that makes a new connection for each request, so that each one is scheduled. */
record Client(int port) {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** Asks for a path and returns the body of the answer. */
  String get(String path) throws IOException {
    try (var socket = request(path)) {
      return body(socket);
    }
  }

  /** Opens a connection and sends a request on it. */
  Socket request(String path) throws IOException {
    var socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      var request = "GET " + path + " HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /** Reads an answer to its end and returns its body. */
  static String body(Socket socket) throws IOException {
    var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int end = answer.indexOf("\r\n\r\n");
    if (!answer.startsWith("HTTP/1.1 200") || end < 0) {
      throw new IOException(
          "no whole answer, but \"" + answer.lines().findFirst().orElse("") + "\"");
    }
    var head = answer.substring(0, end).toLowerCase(java.util.Locale.ROOT);
    var body = answer.substring(end + 4);
    if (!head.contains("content-length: " + body.length())) {
      throw new IOException("an answer cut short after " + body.length() + " bytes");
    }
    return body;
  }
}
