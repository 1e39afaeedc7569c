package io.lvs4j.lab.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** A TCP connection of a client to a {@link Responder}, kept until it is closed. */
public final class Session implements AutoCloseable {
  private static final int PATIENCE = Math.toIntExact(Duration.ofSeconds(3).toMillis());

  private final Socket socket;
  private final BufferedReader lines;

  private Session(Socket socket) throws IOException {
    this.socket = socket;
    this.lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  /**
   * Connects.
   *
   * @throws UncheckedIOException when it is refused or takes seconds
   */
  public static Session open(Host client, InetAddress address, int port) {
    return open(client, new InetSocketAddress(0), address, port);
  }

  /** Connects from an address of the client. */
  public static Session open(Host client, InetSocketAddress from, InetAddress address, int port) {
    return client.call(() -> {
      var socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.bind(from);
        socket.connect(new InetSocketAddress(address, port), PATIENCE);
        socket.setSoTimeout(PATIENCE);
        return new Session(socket);
      } catch (IOException failed) {
        socket.close();
        throw new UncheckedIOException(client.name() + " to " + address, failed);
      }
    });
  }

  /** Asks on a connection of its own who answers; empty when nobody does. */
  public static Optional<String> once(Host client, InetAddress address, int port) {
    try (var session = open(client, address, port)) {
      return session.ask();
    } catch (UncheckedIOException nobody) {
      return Optional.empty();
    }
  }

  /** Asks by a datagram who answers; empty when nobody does. */
  public static Optional<String> datagram(Host client, InetAddress address, int port) {
    return client.call(() -> {
      try (var datagrams = new DatagramSocket()) {
        datagrams.connect(address, port);
        datagrams.setSoTimeout(PATIENCE);
        datagrams.send(new DatagramPacket(new byte[] {'?'}, 1));
        var answer = new DatagramPacket(new byte[64], 64);
        datagrams.receive(answer);
        return Optional.of(new String(answer.getData(), 0, answer.getLength(), UTF_8));
      } catch (IOException nobody) {
        return Optional.<String>empty();
      }
    });
  }

  /** Asks who is there: {@code real1 10.77.0.1}; empty when the connection is broken or silent. */
  public Optional<String> ask() {
    try {
      socket.getOutputStream().write('\n');
      return Optional.ofNullable(lines.readLine());
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  /** Asks who is there, and returns the name only; empty when the connection is broken. */
  public String server() {
    return ask().map(answer -> answer.substring(0, answer.indexOf(' '))).orElse("");
  }

  /** Returns the client's port. */
  public int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("session", e);
    }
  }
}
