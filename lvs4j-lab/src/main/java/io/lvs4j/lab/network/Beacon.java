package io.lvs4j.lab.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/**
 * A service on all addresses of a host that says which host it is: to a UDP datagram of eight bytes
 * by these and the host's number, to a TCP connection by the number. It stands for what a virtual
 * address is there for.
 */
public final class Beacon implements AutoCloseable {
  /** The port that it answers on, over UDP and TCP. */
  public static final int PORT = 7777;

  private final byte number;
  private final DatagramChannel datagrams;
  private final ServerSocketChannel connections;
  private final List<Thread> threads;

  private Beacon(Host host) throws IOException {
    this.number = (byte) host.number();
    this.datagrams = DatagramChannel.open();
    this.connections = ServerSocketChannel.open();
    datagrams.bind(new InetSocketAddress(PORT));
    connections.bind(new InetSocketAddress(PORT));
    this.threads =
        List.of(
            serve(host, datagrams, this::answerDatagram),
            serve(host, connections, this::answerConnection));
  }

  /** Starts to answer. */
  public static Beacon on(Host host) {
    return host.call(() -> new Beacon(host));
  }

  private interface Turn {
    void run() throws IOException;
  }

  private static Thread serve(Host host, Channel channel, Turn turn) {
    return Thread.ofPlatform()
        .daemon()
        .name("beacon-" + host.name())
        .start(() -> {
          Foremost.become();
          while (channel.isOpen()) {
            try {
              turn.run();
            } catch (IOException lost) {
              // Closed, or the answer can't leave a host that is cut off: as on any network.
            }
          }
        });
  }

  private void answerDatagram() throws IOException {
    var buffer = ByteBuffer.allocate(Long.BYTES + 1);
    var from = datagrams.receive(buffer);
    if (buffer.position() == Long.BYTES) {
      datagrams.send(buffer.put(number).flip(), from);
    }
  }

  private void answerConnection() throws IOException {
    try (var accepted = connections.accept()) {
      accepted.write(ByteBuffer.wrap(new byte[] {number}));
    }
  }

  /**
   * Stops to answer, as when the process of a service ends. Nothing is answered after this: a
   * thread that waits in the kernel keeps its socket there until it has been woken.
   */
  @Override
  public void close() {
    try (datagrams;
        connections) {
      // Both are closed, whatever the first says.
    } catch (IOException e) {
      throw new UncheckedIOException("beacon " + number, e);
    }
    threads.forEach(Beacon::awaitEnd);
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
