package io.lvs4j.lab.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.OptionalInt;

/** What a host that uses an address sees of it. */
public final class Client {
  private static final int PATIENCE = Math.toIntExact(Duration.ofSeconds(1).toMillis());

  private final Host host;

  /** Makes a client on a host. */
  public Client(Host host) {
    this.host = host;
  }

  /** Returns which host's {@link Beacon} answers a TCP connection; empty when none does. */
  public OptionalInt connect(InetAddress address) {
    return host.call(() -> {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, Beacon.PORT), PATIENCE);
        socket.setSoTimeout(PATIENCE);
        int answer = socket.getInputStream().read();
        return answer < 0 ? OptionalInt.empty() : OptionalInt.of(answer);
      } catch (IOException unreachable) {
        return OptionalInt.empty();
      }
    });
  }

  /** Says whether an ICMP echo request is answered. */
  public boolean ping(InetAddress address) {
    return host.call(() -> address.isReachable(PATIENCE));
  }

  /** Returns the neighbour table. */
  public String neighbours() {
    return host.ip("neigh show");
  }
}
