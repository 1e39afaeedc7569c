package io.lvs4j.health;

import io.lvs4j.api.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A UDP server on loopback that answers each datagram as its script says. */
public final class ScriptedDatagramPeer implements AutoCloseable {
  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private final Function<byte[], List<byte[]>> script;

  private ScriptedDatagramPeer(Function<byte[], List<byte[]>> script) throws IOException {
    this.script = script;
    Thread.ofVirtual().start(this::serve);
  }

  /** Returns a peer that answers each datagram with those that the script gives. */
  public static ScriptedDatagramPeer answering(Function<byte[], List<byte[]>> script)
      throws IOException {
    return new ScriptedDatagramPeer(script);
  }

  /** Returns a peer that never answers. */
  public static ScriptedDatagramPeer silent() throws IOException {
    return new ScriptedDatagramPeer(_ -> List.of());
  }

  /** Returns a port where nobody listens. */
  public static Endpoint nobody() throws IOException {
    try (var free = silent()) {
      return free.endpoint();
    }
  }

  public Endpoint endpoint() {
    return new Endpoint(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  /** Returns what was received so far. */
  public List<byte[]> received() {
    return received;
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[65_535], 65_535);
    while (!socket.isClosed()) {
      try {
        packet.setLength(65_535);
        socket.receive(packet);
        var question = Arrays.copyOf(packet.getData(), packet.getLength());
        received.add(question);
        for (var answer : script.apply(question)) {
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException closed) {
        if (!socket.isClosed()) {
          throw new IllegalStateException(closed);
        }
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
