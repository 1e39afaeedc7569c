package io.lvs4j.core.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A leg over a netty channel. */
// Writes and closes that fail come back as exceptionCaught or channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class ChannelLeg extends ChannelInboundHandlerAdapter implements Leg {
  // At most this much waits for a peer that doesn't keep up, plus one read of the other side.
  private static final WriteBufferWaterMark PENDING =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final TcpConnection connection;
  private final SocketChannel channel;
  private final boolean accepted;
  private boolean silent;
  private int held;
  private int reported;
  private @Nullable ChannelFuture lastWrite;

  ChannelLeg(TcpConnection connection, SocketChannel channel, boolean accepted) {
    this.connection = connection;
    this.channel = channel;
    this.accepted = accepted;
    SocketChannelConfig config = channel.config();
    config.setAllowHalfClosure(true);
    config.setAutoRead(false);
    config.setWriteBufferWaterMark(PENDING);
    // The connection has its own, which is the same for all transports.
    config.setConnectTimeoutMillis(0);
    channel.pipeline().addLast(this);
  }

  @Override
  public void connect(InetSocketAddress to, @Nullable InetAddress source) {
    channel
        .connect(to)
        .addListener(
            guarded(future -> {
              if (silent) {
                return;
              }
              if (future.isSuccess()) {
                connection.connected(this);
              } else {
                reset();
                connection.connectFailed(future.cause());
              }
            }));
  }

  /** Netty would log what a listener throws, and the connection would hang. */
  private ChannelFutureListener guarded(ChannelFutureListener listener) {
    return future -> {
      try {
        listener.operationComplete(future);
      } catch (Throwable thrown) {
        connection.fault(thrown);
      }
    };
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (accepted) {
      connection.begin();
    }
  }

  @Override
  public void resume() {
    channel.config().setAutoRead(true);
  }

  @Override
  public void pause() {
    channel.config().setAutoRead(false);
  }

  @Override
  public void write(ByteBuf bytes) {
    // A buffer that was read into may be mostly empty; it is kept whole all the same.
    int size = bytes.capacity();
    held += size;
    lastWrite = channel.write(bytes);
    lastWrite.addListener(guarded(future -> written(size, future.isSuccess())));
  }

  private void written(int size, boolean ok) {
    held -= size;
    if (reported > 0) {
      report();
    }
    if (ok) {
      progressed();
    } else {
      failed();
    }
  }

  /** Tells how much waits for a peer that doesn't keep up. */
  private void report() {
    int more = held - reported;
    reported = held;
    connection.holds(more);
  }

  @Override
  public void endAfterNext() {
    // Netty's channels have no word for it.
  }

  @Override
  public void flush() {
    channel.flush();
    if (held > 0 && !silent) {
      report();
    }
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public long pending() {
    var buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  @Override
  public void endOutput() {
    if (lastWrite == null || lastWrite.isDone()) {
      channel.shutdownOutput();
      return;
    }
    channel.flush();
    lastWrite.addListener(
        guarded(future -> {
          if (!silent && future.isSuccess()) {
            channel.shutdownOutput();
            connection.drained(this);
          }
        }));
  }

  @Override
  public void close() {
    silent = true;
    channel.close();
  }

  @Override
  public void reset() {
    silent = true;
    if (channel.isOpen()) {
      channel.config().setSoLinger(0);
      channel.close();
    }
  }

  @Override
  public @Nullable InetSocketAddress localAddress() {
    return channel.localAddress();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    connection.received(this, (ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connection.receivedAll(this);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!silent && channel.isWritable()) {
      connection.drained(this);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object happened) {
    if (!silent && happened instanceof ChannelInputShutdownEvent) {
      connection.ended(this);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      failed();
    } else if (!silent) {
      connection.fault(cause);
    }
  }

  private void progressed() {
    if (!silent) {
      connection.progressed();
    }
  }

  private void failed() {
    if (!silent) {
      connection.failed(this);
    }
  }
}
