package io.lvs4j.core.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients and real servers as the JDK makes them: plain sockets, a virtual thread each. */
final class Peers {
  /** What a real server does with a connection. */
  interface Conversation {
    void hold(Socket socket) throws Exception;
  }

  /** How a stream ended, as the peer saw it. */
  enum End {
    FIN,
    RESET
  }

  /** What a peer got until the end. */
  record Received(long bytes, End end) {}

  private Peers() {}

  /** A real server. Each connection is closed when its conversation is over. */
  static final class Server implements AutoCloseable {
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;

    Server(InetAddress address, Conversation conversation) throws IOException {
      listener = new ServerSocket(0, 2048, address);
      Thread.ofVirtual().start(() -> accept(conversation));
    }

    Server(Conversation conversation) throws IOException {
      this(InetAddress.getByName("127.0.0.1"), conversation);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept(Conversation conversation) {
      try {
        while (true) {
          var socket = listener.accept();
          sockets.add(socket);
          Thread.ofVirtual().start(() -> converse(conversation, socket));
        }
      } catch (IOException e) {
        if (!listener.isClosed()) {
          failures.add(e);
        }
      }
    }

    private void converse(Conversation conversation, Socket socket) {
      try (socket) {
        conversation.hold(socket);
      } catch (Exception e) {
        failures.add(e);
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /** Reads until the peer ends the stream, one way or the other. */
  static Received readAll(Socket socket) {
    long count = 0;
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
      return new Received(count, End.FIN);
    } catch (SocketException e) {
      return new Received(count, End.RESET);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects and reads until the end, which may come before the connect is through. */
  static Received readAll(Clients clients, InetSocketAddress address) throws IOException {
    Socket socket;
    try {
      socket = clients.connect(address);
    } catch (SocketException e) {
      return new Received(0, End.RESET);
    }
    return readAll(socket);
  }

  /** Closes with a RST. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Returns a port that nobody listens on now, below the ephemeral ones. */
  static int freePort() {
    var random = new java.util.Random();
    for (int i = 0; i < 1000; i++) {
      int port = 20_000 + random.nextInt(12_000);
      try (var tcp = new ServerSocket();
          var udp = new java.net.DatagramSocket(null)) {
        tcp.bind(new InetSocketAddress(port));
        udp.bind(new InetSocketAddress(port));
        return port;
      } catch (IOException e) {
        continue;
      }
    }
    throw new AssertionError("no free port in 1000 tries");
  }

  /** Opens client sockets and closes them all at the end. */
  static final class Clients implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    synchronized Socket connect(InetSocketAddress address) throws IOException {
      var socket = new Socket();
      sockets.add(socket);
      socket.setSoTimeout(30_000);
      socket.connect(address, 10_000);
      return socket;
    }

    @Override
    public synchronized void close() throws IOException {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }
}
