package io.lvs4j.benchmarks.proxy;

import io.lvs4j.benchmarks.proxy.Contender.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that have had one answer each and then are kept open for nothing. */
final class IdleConnections implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: idle\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String HEADERS_END = "\r\n\r\n";

  private final List<SocketChannel> channels = new ArrayList<>();

  private IdleConnections() {}

  /** Opens connections to an HTTP port of the loopback address and awaits each one's answer. */
  static IdleConnections open(int port, int count) {
    var connections = new IdleConnections();
    try {
      for (int i = 0; i < count; i++) {
        connections.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
      return connections;
    } catch (IOException e) {
      connections.close();
      throw new UncheckedIOException(
          "idle connection " + connections.channels.size() + " of " + count + " failed", e);
    }
  }

  private void open(InetSocketAddress address) throws IOException {
    var channel = SocketChannel.open(address);
    channels.add(channel);
    channel.write(ByteBuffer.wrap(REQUEST));
    var answer = ByteBuffer.allocate(2 * Backends.BODY_BYTES);
    while (!isWhole(answer)) {
      if (channel.read(answer) < 0) {
        throw new IOException("closed in the midst of an answer");
      }
    }
  }

  private static boolean isWhole(ByteBuffer answer) {
    var text = StandardCharsets.US_ASCII.decode(answer.duplicate().flip()).toString();
    int end = text.indexOf(HEADERS_END);
    return end >= 0 && text.length() - end - HEADERS_END.length() == Backends.BODY_BYTES;
  }

  /** Weighs a contender without and with idle connections. */
  static void weigh(Running contender, int count, Figures figures) {
    var process = contender.process().orElseThrow();
    // What is made once, such as code, is no part of a connection's weight.
    open(contender.webPort(), Math.min(count, 500)).close();
    long heap = contender.heap().map(Contender.Heap::bytes).orElse(0L);
    long resident = process.usage().residentBytes();
    try (var connections = open(contender.webPort(), count)) {
      double opened = connections.channels.size() * 1024.0;
      long inAll = process.usage().residentBytes();
      figures.add(Row.IDLE_RESIDENT, (inAll - resident) / opened);
      figures.add(Row.IDLE_TOTAL, inAll / (double) (1 << 20));
      contender
          .heap()
          .ifPresent(with -> figures.add(Row.IDLE_HEAP, (with.bytes() - heap) / opened));
    }
  }

  @Override
  public void close() {
    for (SocketChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("idle connection can't be closed", e);
      }
    }
  }
}
