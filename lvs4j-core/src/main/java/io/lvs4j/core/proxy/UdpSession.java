package io.lvs4j.core.proxy;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.ConnectionSnapshot.State;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.core.balance.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The datagrams between one client and one real server, through a socket of their own. */
final class UdpSession extends Relay {
  private static final LoopLogger LOG = LoopLogger.of(UdpSession.class, System::nanoTime);

  /** How many datagrams may wait while the socket is set up. */
  private static final int MOST_WAITING = 16;

  private final VirtualServer definition;
  private final UdpListener.Port answers;
  private final InetSocketAddress client;
  private final InetAddress asked;
  private final int hops;
  private @Nullable InetSocketAddress own;
  private final Lease lease;
  private final DatagramChannel channel;
  private final Runnable whenEnded;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>(1);
  private boolean ready;
  private boolean ended;
  private long lastActivity;
  private long bytesIn;
  private long bytesOut;

  UdpSession(
      UdpListener.Port answers,
      UdpService service,
      ProxyLoop loop,
      InetSocketAddress client,
      InetAddress asked,
      int hops,
      Lease lease,
      DatagramChannel channel,
      Runnable whenEnded) {
    super(service, loop);
    this.definition = service.definition();
    this.answers = answers;
    this.client = client;
    this.asked = asked;
    this.hops = hops;
    this.lease = lease;
    this.channel = channel;
    this.whenEnded = whenEnded;
    this.lastActivity = loop.now();
  }

  Endpoint destination() {
    return lease.destination().endpoint();
  }

  /** Begins: connects the socket, so that the kernel tells of an unreachable port. */
  void begin() {
    loop().opened(this);
    loop().udpSessions().touch(this);
    loop().timeouts().schedule(this, lastActivity);
    channel.config().setAllocator(loop().allocator());
    channel.config().setRecvByteBufAllocator(UdpListener.BUFFERS);
    channel.pipeline().addLast(new Answers());
    var _ = loop().register(channel);
    InetAddress source = null;
    if (lease.destination().server().clientAddress().orElse(definition.clientAddress())
        == ClientAddress.TRANSPARENT) {
      loop().transport().makeTransparent(channel);
      source = client.getAddress();
    }
    var _ =
        loop()
            .transport()
            .connect(channel, lease.address(), source)
            .whenComplete((connected, failure) -> connected(failure));
  }

  private void connected(@Nullable Throwable failure) {
    try {
      if (failure == null) {
        ready();
      } else {
        connectFailed(failure);
      }
    } catch (Throwable thrown) {
      // The stage would keep it to itself, and the session would hang.
      fault(thrown);
    }
  }

  private void connectFailed(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!ended && ConnectFailure.isOwn(cause)) {
      service().lacking(lease, cause);
    }
    end(Ending.CONNECT_FAILED);
  }

  private void ready() {
    ready = true;
    if (!ended && service().hops().mayComeBack(Protocol.UDP, lease.address())) {
      own = loop().transport().localAddress(channel);
      service().hops().begin(Protocol.UDP, own, hops + 1);
    }
    for (var content = waiting.poll(); content != null; content = waiting.poll()) {
      send(content);
    }
  }

  /** Takes a datagram of the client, and the buffer with it. */
  void forward(ByteBuf content) {
    if (ready) {
      send(content);
    } else if (!ended && waiting.size() < MOST_WAITING) {
      waiting.add(content);
    } else {
      content.release();
    }
  }

  private void send(ByteBuf content) {
    active();
    int count = content.readableBytes();
    bytesIn += count;
    lease.countIn(count);
    if (count == 0) {
      content.release();
      sendEmpty();
    } else if (channel.isWritable()) {
      var _ = channel.writeAndFlush(content, channel.voidPromise());
    } else {
      // The socket's buffer is full; UDP drops then.
      content.release();
    }
  }

  private void sendEmpty() {
    try {
      loop().transport().sendEmpty(channel, null);
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(Throwable cause) {
    if (cause instanceof PortUnreachableException
        || (cause instanceof NativeIoException known
            && known.expectedErr() == Errors.ERROR_ECONNREFUSED_NEGATIVE)) {
      // Nobody listens there. The client's next datagram is scheduled anew.
      service().failed(lease, Ending.REFUSED_BY_SERVER.words());
      end(Ending.REFUSED_BY_SERVER);
    } else if (cause instanceof IOException) {
      LOG.log(Level.DEBUG, () -> service().id() + ": " + cause.getMessage(), cause);
    } else {
      fault(cause);
    }
  }

  private void active() {
    lastActivity = loop().now();
    loop().udpSessions().touch(this);
  }

  @Override
  long timeoutAt() {
    return lastActivity + definition.idleTimeout().toNanos();
  }

  @Override
  void timedOut() {
    end(Ending.IDLE_TIMEOUT);
  }

  @Override
  void end(Ending ending) {
    if (ended) {
      return;
    }
    ended = true;
    ready = false;
    // Whatever one of these throws, the others have to happen.
    try {
      loop().timeouts().cancel(this);
      loop().udpSessions().remove(this);
      loop().closed(this);
      service().hops().end(Protocol.UDP, own);
    } finally {
      try {
        var _ = channel.close();
      } finally {
        try {
          waiting.forEach(ByteBuf::release);
          waiting.clear();
          lease.release();
        } finally {
          whenEnded.run();
        }
      }
    }
    record(client, bytesIn, bytesOut, ending);
  }

  @Override
  Lease lease() {
    return lease;
  }

  @Override
  ConnectionSnapshot snapshot() {
    return new ConnectionSnapshot(
        service().id(),
        Protocol.UDP,
        endpoint(client),
        new Endpoint(asked, service().id().endpoint().port()),
        destination(),
        State.UDP,
        Duration.ofNanos(Math.max(0, timeoutAt() - loop().now())),
        bytesIn,
        bytesOut);
  }

  /** What comes back from the real server. */
  private final class Answers extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var packet = (DatagramPacket) message;
      int count = packet.content().readableBytes();
      active();
      bytesOut += count;
      lease.countOut(count);
      lease.succeeded();
      answers.send(client, packet.content());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      answers.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(Ending.FAULT);
    }
  }
}
