package io.lvs4j.core.proxy;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Bare TCP sockets in netty's epoll loop, and netty's UDP channels beside them. */
final class EpollTransport implements SocketTransport {
  @Override
  public IoHandlerFactory handlers() {
    return EpollIoHandler.newFactory();
  }

  @Override
  public boolean reusesPort() {
    return true;
  }

  @Override
  public Duration lingering() {
    return Duration.ZERO;
  }

  @Override
  public boolean isTransparencySupported() {
    return true;
  }

  @Override
  public void probeTransparency(InetAddress like) throws IOException {
    var probe = EpollSocket.open(like);
    try {
      probe.setTransparent();
    } finally {
      probe.close();
    }
  }

  @Override
  public Leg newLeg(TcpConnection connection, InetAddress server) throws IOException {
    return new EpollLeg(connection, EpollSocket.open(server));
  }

  @Override
  public CompletionStage<Listener> listen(
      InetSocketAddress address, List<ProxyLoop> loops, TcpService service) {
    var listeners = new ArrayList<EpollListener>();
    try {
      reserve(address);
      for (var loop : loops) {
        listeners.add(new EpollListener(address, loop, service));
      }
    } catch (IOException e) {
      closeAll(listeners);
      return CompletableFuture.failedFuture(e);
    }
    listeners.forEach(EpollListener::start);
    return CompletableFuture.completedFuture(() -> closeAll(listeners));
  }

  // Sockets with SO_REUSEPORT share an address without a word, with another process of the same
  // user too. One without finds that out.
  private static void reserve(InetSocketAddress address) throws IOException {
    var guard = EpollSocket.open(address.getAddress());
    try {
      guard.setReuseAddress(true);
      guard.bind(address);
    } finally {
      guard.close();
    }
  }

  private static CompletionStage<?> closeAll(List<EpollListener> listeners) {
    return CompletableFuture.allOf(
        listeners.stream().map(EpollListener::stop).toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public DatagramChannel newDatagramChannel(InetAddress like) {
    return new EpollDatagramChannel(
        like instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
  }

  @Override
  public void makeTransparent(DatagramChannel channel) {
    channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
  }
}
