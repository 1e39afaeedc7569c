package io.lvs4j.lab.traffic;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.lab.peer.FreePorts;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Holds idle connections through a director to two nginx; a program, for a guest. */
final class HoldIdleConnections {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: idle\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int BODY = 16;
  private static final String HEADERS_END = "\r\n\r\n";

  /** How many are asked before the first answer is read: a change of task is dear in a guest. */
  private static final int AT_ONCE = 100;

  private static final ByteBuffer ANSWER = ByteBuffer.allocateDirect(4096);

  private HoldIdleConnections() {}

  /** Opens as many as the argument says, asks each once, then each again. */
  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[0]);
    try (var workspace = Workspace.create()) {
      int port = FreePorts.next();
      var web = VirtualServer.tcp("127.0.0.1", port);
      for (String name : List.of("one", "two")) {
        int backend = FreePorts.next();
        Nginx.find().orElseThrow().realServer(workspace, name, backend, count + 100, BODY);
        web.realServer("127.0.0.1", backend);
      }
      try (var director = Director.builder().virtualServer(web.build()).build()) {
        director.start();
        hold(director, port, count);
      }
    }
  }

  private static void hold(Director director, int port, int count) throws IOException {
    var channels = new ArrayList<SocketChannel>(count);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      open(channels, count / 10, address);
      // What is made once is no part of a connection's weight; a client's channel is.
      long before = liveBytes();
      open(channels, count, address);
      long growth = liveBytes() - before;
      System.out.println("held: " + director.connections().size());
      System.out.println("heap a connection: " + growth / (count - count / 10));
      for (int i = 0; i < count; i += AT_ONCE) {
        ask(channels.subList(i, Math.min(i + AT_ONCE, count)));
      }
      System.out.println("answered again: " + channels.size());
    } finally {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
  }

  /** Opens more until there are so many, and asks each. */
  private static void open(List<SocketChannel> channels, int count, InetSocketAddress address)
      throws IOException {
    while (channels.size() < count) {
      int from = channels.size();
      for (int i = from; i < Math.min(from + AT_ONCE, count); i++) {
        channels.add(SocketChannel.open(address));
      }
      ask(channels.subList(from, channels.size()));
    }
  }

  private static void ask(List<SocketChannel> channels) throws IOException {
    for (SocketChannel channel : channels) {
      channel.write(ByteBuffer.wrap(REQUEST));
    }
    for (SocketChannel channel : channels) {
      awaitAnswer(channel);
    }
  }

  private static void awaitAnswer(SocketChannel channel) throws IOException {
    ANSWER.clear();
    while (!isWhole(ANSWER)) {
      if (channel.read(ANSWER) < 0) {
        throw new IOException("closed in the midst of an answer");
      }
    }
  }

  private static boolean isWhole(ByteBuffer answer) {
    var text = StandardCharsets.US_ASCII.decode(answer.duplicate().flip()).toString();
    int end = text.indexOf(HEADERS_END);
    return end >= 0 && text.length() - end - HEADERS_END.length() == BODY;
  }

  private static long liveBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
