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
    try {
      return CompletableFuture.completedFuture(EpollListener.open(address, loops, service));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
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
