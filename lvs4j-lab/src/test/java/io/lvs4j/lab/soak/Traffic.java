package io.lvs4j.lab.soak;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The servers and the clients of a director that gets more than it can take. */
final class Traffic {
  private Traffic() {}

  /** Counts what was logged: the JDK's own logger writes two lines and a stack for each. */
  static int records(String log) {
    return (int) log.lines().filter(line -> line.matches("(SEVERE|WARNING|INFO|FINE): .*")).count();
  }

  interface Load {
    void run() throws IOException;
  }

  static Thread start(Load load) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            load.run();
          } catch (IOException refused) {
            // That is what it was for.
          }
        });
  }

  static byte[] unfinishedHeader() {
    var header = Arrays.copyOf("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII), 60_000);
    header[12] = 0x21;
    header[13] = 0x11;
    header[14] = (byte) 0xff;
    header[15] = (byte) 0xff;
    return header;
  }

  /** Clients that send the same on each of their connections, and read nothing. */
  static final class Clients implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    /** Connects them all, as far as the host lets them. */
    static Clients connect(int count, int port, byte[] first) throws IOException {
      var clients = new Clients();
      try {
        for (int i = 0; i < count; i++) {
          clients.connect(port, first);
        }
      } catch (IOException refused) {
        clients.close();
        throw refused;
      }
      return clients;
    }

    private void connect(int port, byte[] first) throws IOException {
      var socket = new Socket();
      sockets.add(socket);
      // Little fits into the host's buffers, then.
      socket.setReceiveBufferSize(8 * 1024);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 3_000);
      try {
        socket.getOutputStream().write(first);
      } catch (IOException reset) {
        // The director may refuse it; it stays as it is.
      }
    }

    @Override
    public void close() throws IOException {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /** Holds clients for a second. */
  static void hold(int count, int port, byte[] first) throws IOException {
    try (var _ = Clients.connect(count, port, first)) {
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    }
  }

  /** A datagram each from many ports. */
  static void flood(int count, int port) throws IOException {
    for (int i = 0; i < count; i++) {
      try (var socket = new DatagramSocket()) {
        socket.send(new DatagramPacket(new byte[16], 16, new InetSocketAddress("127.0.0.1", port)));
      }
    }
  }

  static boolean echoes(int port, String header) {
    try (var socket = new Socket()) {
      socket.setSoTimeout(3_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 3_000);
      socket.getOutputStream().write((header + "hello").getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return Arrays.equals(
          socket.getInputStream().readAllBytes(), "hello".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException notNow) {
      return false;
    }
  }

  static boolean answers(int port) {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(1_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      socket.send(new DatagramPacket(new byte[3], 3));
      socket.receive(new DatagramPacket(new byte[16], 16));
      return true;
    } catch (IOException notNow) {
      return false;
    }
  }

  /** A server that sends back what it gets, and can stop accepting for a while. */
  static final class Echo implements AutoCloseable {
    private final int port;
    private ServerSocket listener;

    Echo(int port) throws IOException {
      this.port = port;
      this.listener = listen();
    }

    private ServerSocket listen() throws IOException {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress("127.0.0.1", port), 1024);
      Thread.ofVirtual().start(() -> accept(socket));
      return socket;
    }

    private static void accept(ServerSocket socket) {
      try {
        while (true) {
          var accepted = socket.accept();
          start(() -> {
            try (accepted) {
              accepted.getInputStream().transferTo(accepted.getOutputStream());
            }
          });
        }
      } catch (IOException closed) {
        // Paused, or over.
      }
    }

    void pause() throws IOException {
      listener.close();
    }

    void resume() throws IOException {
      if (listener.isClosed()) {
        listener = listen();
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** A server that sends without end. */
  static final class Endless implements AutoCloseable {
    private static final byte[] CHUNK = new byte[64 * 1024];

    private final ServerSocket listener;

    Endless(int port) throws IOException {
      listener = new ServerSocket(port, 1024, InetAddress.getByName("127.0.0.1"));
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                var accepted = listener.accept();
                start(() -> {
                  try (accepted) {
                    accepted.setSendBufferSize(CHUNK.length);
                    while (true) {
                      accepted.getOutputStream().write(CHUNK);
                    }
                  }
                });
              }
            } catch (IOException closed) {
              // Over.
            }
          });
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** A server that sends datagrams back. */
  static final class DatagramEcho implements AutoCloseable {
    private final DatagramSocket socket;

    DatagramEcho(int port) throws IOException {
      socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", port));
      start(() -> {
        var packet = new DatagramPacket(new byte[2048], 2048);
        while (true) {
          packet.setLength(2048);
          socket.receive(packet);
          socket.send(packet);
        }
      });
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
