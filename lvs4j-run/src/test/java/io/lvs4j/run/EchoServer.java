package io.lvs4j.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A real server that answers each line with its name and the line. */
final class EchoServer implements AutoCloseable {
  private final String name;
  private final ServerSocket listener;

  private EchoServer(String name) throws IOException {
    this.name = name;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  static EchoServer start(String name) throws IOException {
    return new EchoServer(name);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException closed) {
        // That is how it ends.
      }
    }
  }

  private void answer(Socket socket) {
    try (socket;
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        socket.getOutputStream().write((name + " " + line + "\n").getBytes(UTF_8));
      }
    } catch (IOException gone) {
      // The other side has ended it.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
