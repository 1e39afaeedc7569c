package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.NettyFutures.completion;

import io.lvs4j.api.Protocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Bare TCP sockets in netty's epoll loop, and netty's UDP channels beside them. */
final class EpollTransport implements SocketTransport {
  // include/uapi/linux/in.h
  private static final ChannelOption<Integer> IP_RECVORIGDSTADDR =
      new IntegerUnixChannelOption("IP_RECVORIGDSTADDR", 0, 20);

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public IoHandlerFactory handlers() {
    return EpollIoHandler.newFactory();
  }

  @Override
  public IoHandle guarded(IoHandle handle, Channel channel) {
    return new Guarded((EpollIoHandle) handle, channel);
  }

  private static final class Guarded extends LoopGroup.GuardedHandle<EpollIoHandle>
      implements EpollIoHandle {
    Guarded(EpollIoHandle handle, Channel channel) {
      super(handle, channel);
    }

    @Override
    public FileDescriptor fd() {
      return handle.fd();
    }
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
  public void probeBind(Protocol protocol, InetSocketAddress address) throws IOException {
    var like = address.getAddress();
    var probe = protocol == Protocol.TCP ? EpollSocket.open(like) : EpollSocket.openDatagram(like);
    try {
      if (protocol == Protocol.TCP) {
        probe.setReuseAddress(true);
      }
      probe.setFreeBind();
      probe.bind(address);
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

  /**
   * Behind netty's back: of a channel that it has connected itself it takes a datagram without
   * payload for the end of what there is to read.
   */
  @Override
  public CompletableFuture<?> connect(
      DatagramChannel channel, InetSocketAddress to, @Nullable InetAddress source) {
    var any =
        to.getAddress() instanceof Inet6Address
            ? InetAddress.ofLiteral("::")
            : InetAddress.ofLiteral("0.0.0.0");
    return completion(channel.bind(new InetSocketAddress(source == null ? any : source, 0)))
        .thenAccept(bound -> {
          try {
            socket(channel).connect(to);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public InetSocketAddress localAddress(DatagramChannel channel) {
    return socket(channel).localAddress();
  }

  private static EpollSocket socket(DatagramChannel channel) {
    return new EpollSocket(((EpollDatagramChannel) channel).fd().intValue());
  }

  @Override
  public void sendEmpty(DatagramChannel channel, @Nullable InetSocketAddress to)
      throws IOException {
    if (to == null) {
      socket(channel).sendEmpty();
    } else {
      socket(channel).sendEmpty(to);
    }
  }

  @Override
  public boolean isRecipientTold() {
    return true;
  }

  @Override
  public void tellRecipient(DatagramChannel channel) {
    // Netty reads it of IPv4 only, which an IPv6 socket for both has too.
    channel.config().setOption(IP_RECVORIGDSTADDR, 1);
  }

  @Override
  public List<DatagramChannel> bindTogether(InetSocketAddress address, int number)
      throws IOException {
    var sockets = new ArrayList<EpollSocket>();
    try {
      for (int i = 0; i < number; i++) {
        var socket = EpollSocket.openDatagram(address.getAddress());
        sockets.add(socket);
        socket.setReusePort(true);
        socket.bind(address);
      }
    } catch (IOException e) {
      for (var each : sockets) {
        each.close();
      }
      throw e;
    }
    return sockets.stream()
        .<DatagramChannel>map(socket -> new EpollDatagramChannel(socket.intValue()))
        .toList();
  }

  @Override
  public void makeTransparent(DatagramChannel channel) {
    channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
  }
}
