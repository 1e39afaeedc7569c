package io.lvs4j.lab.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lvs4j.lab.network.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A client that speaks UDP from one port: to a director, one session for as long as it speaks. */
final class DatagramClient implements AutoCloseable {
  private static final int PATIENCE = Math.toIntExact(Duration.ofSeconds(3).toMillis());

  private final DatagramSocket socket;

  private DatagramClient(DatagramSocket socket) {
    this.socket = socket;
  }

  static DatagramClient on(Host client, InetAddress address, int port) {
    return client.call(() -> {
      var socket = new DatagramSocket();
      socket.connect(address, port);
      socket.setSoTimeout(PATIENCE);
      return new DatagramClient(socket);
    });
  }

  /** Asks who is there, and returns the name; empty when nobody answers. */
  String server() {
    try {
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      var answer = new DatagramPacket(new byte[64], 64);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), UTF_8).split(" ", 2)[0];
    } catch (SocketTimeoutException nobody) {
      return "";
    } catch (IOException broken) {
      throw new UncheckedIOException("datagrams", broken);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
