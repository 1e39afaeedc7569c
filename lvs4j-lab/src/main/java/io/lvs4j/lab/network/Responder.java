package io.lvs4j.lab.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A service that answers each line of a TCP connection, and each UDP datagram, with the name of its
 * host and whom it sees as the client: {@code real1 10.77.0.1}. A connection stays until the client
 * ends it. What stands behind a virtual server.
 */
public final class Responder implements AutoCloseable {
  private final String name;
  private final ServerSocket listener;
  private final List<DatagramChannel> datagrams = new ArrayList<>();
  private final Set<Socket> accepted = ConcurrentHashMap.newKeySet();

  private Responder(Host host, int port, List<InetAddress> datagramAddresses) throws IOException {
    this.name = host.name();
    this.listener = new ServerSocket();
    try {
      listener.bind(new InetSocketAddress(port), 512);
      for (InetAddress address : datagramAddresses) {
        var channel = DatagramChannel.open();
        datagrams.add(channel.bind(new InetSocketAddress(address, port)));
      }
    } catch (IOException failed) {
      close();
      throw failed;
    }
    Thread.ofPlatform().daemon().name("responder-" + name).start(this::accept);
    for (DatagramChannel channel : datagrams) {
      Thread.ofPlatform().daemon().name("responder-udp-" + name).start(() -> answer(channel));
    }
  }

  /** Starts to answer TCP on all addresses of a host. */
  public static Responder on(Host host, int port) {
    return on(host, port, List.of());
  }

  /**
   * Starts to answer TCP on all addresses of a host and UDP on these, which it answers from: a
   * server of a virtual address that is not the host's first has to.
   */
  public static Responder on(Host host, int port, List<InetAddress> datagramAddresses) {
    return host.call(() -> new Responder(host, port, datagramAddresses));
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        accepted.add(socket);
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException ended) {
        // Closed, or the client was gone before it was accepted.
      }
    }
  }

  private void answer(Socket socket) {
    try (socket;
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      while (lines.readLine() != null) {
        socket
            .getOutputStream()
            .write((answer(socket.getRemoteSocketAddress()) + "\n").getBytes(UTF_8));
      }
    } catch (IOException ended) {
      // The client is gone or this is closed: either way there is nobody to tell.
    } finally {
      accepted.remove(socket);
    }
  }

  private void answer(DatagramChannel channel) {
    var buffer = ByteBuffer.allocate(64);
    while (channel.isOpen()) {
      try {
        var from = channel.receive(buffer.clear());
        channel.send(ByteBuffer.wrap(answer(from).getBytes(UTF_8)), from);
      } catch (IOException lost) {
        // Closed, or the client can't be reached: as on any network.
      }
    }
  }

  private String answer(SocketAddress client) {
    return name + " " + ((InetSocketAddress) client).getAddress().getHostAddress();
  }

  /** Ends, and resets nothing but the connections that it has. */
  @Override
  public void close() {
    try {
      listener.close();
      for (DatagramChannel channel : datagrams) {
        channel.close();
      }
      for (Socket socket : accepted) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("responder of " + name, e);
    }
  }
}
