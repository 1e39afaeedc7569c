package io.lvs4j.lab.ipvs;

import io.lvs4j.lab.network.Host;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A server of UDP on a host that answers each datagram as it is told to. */
final class DatagramBackend implements CheckedBackend {
  private static final int MOST = 1500;

  /** What is answered to a datagram. */
  interface Reply {
    byte[] to(byte[] datagram, boolean well);
  }

  private final Host host;
  private final int port;
  private final Reply reply;
  private volatile Mood mood = Mood.GONE;
  private @Nullable DatagramSocket socket;

  DatagramBackend(Host host, int port, Reply reply) {
    this.host = host;
    this.port = port;
    this.reply = reply;
    be(Mood.WELL);
  }

  /** Answers any question of DNS without a record and without an error, or that it failed. */
  static DatagramBackend names(Host host, int port) {
    return new DatagramBackend(
        host,
        port,
        (question, well) -> {
          var answer = question.clone();
          answer[2] |= (byte) 0x80; // QR: this is an answer
          answer[3] = (byte) (well ? 0 : 2); // RCODE: NOERROR or SERVFAIL
          return answer;
        });
  }

  @Override
  public synchronized void be(Mood wanted) {
    mood = wanted;
    if (wanted == Mood.GONE) {
      if (socket != null) {
        socket.close();
        socket = null;
      }
    } else if (socket == null) {
      var opened = host.call(() -> new DatagramSocket(port));
      socket = opened;
      Thread.ofPlatform().daemon().name("backend-" + port).start(() -> answer(opened));
    }
  }

  private void answer(DatagramSocket from) {
    var packet = new DatagramPacket(new byte[MOST], MOST);
    while (!from.isClosed()) {
      try {
        packet.setLength(MOST);
        from.receive(packet);
        var answer =
            reply.to(Arrays.copyOf(packet.getData(), packet.getLength()), mood == Mood.WELL);
        from.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException lost) {
        // Closed, or the one that asked can't be reached: as on any network.
      }
    }
  }

  @Override
  public void close() {
    be(Mood.GONE);
  }
}
