package io.lvs4j.core.proxy;

import io.lvs4j.api.loop.LoopLogger;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A leg over a bare socket in netty's epoll loop, without a channel around it.
 *
 * <p>It is told of readiness edge-triggered, by the one epoll_ctl call of its life. What it reads
 * goes through a buffer that all legs of the loop share and straight into the other leg's socket;
 * only what that one doesn't take is kept, and then nothing more is read until it is gone. So an
 * idle connection holds no buffer, and one with a slow reader at most one read.
 */
final class EpollLeg implements Leg, EpollIoHandle {
  private static final LoopLogger LOG = LoopLogger.of(EpollLeg.class, System::nanoTime);

  private static final EpollIoOps EDGES =
      EpollIoOps.EPOLLIN
          .with(EpollIoOps.EPOLLOUT)
          .with(EpollIoOps.EPOLLRDHUP)
          .with(EpollIoOps.EPOLLET);
  private static final int OUT = EpollIoOps.EPOLLOUT.value();
  private static final int ERR = EpollIoOps.EPOLLERR.value();
  private static final int RDHUP = EpollIoOps.EPOLLRDHUP.value();
  private static final int IN = EpollIoOps.EPOLLIN.value() | RDHUP | ERR;

  /** How often a leg reads before the others of its loop have their turn. */
  private static final int READS_AT_A_TIME = 16;

  private static final int SMALLEST_READ = 16 * 1024;
  private static final int FIRST_READ = 64 * 1024;

  /** What comes behind a PROXY header has to be kept until the real server has answered. */
  private static final int HEADER_READ = 1024;

  /** What comes after the bytes that were read. */
  private enum Following {
    FIN,
    RESET,
    UNKNOWN
  }

  private final TcpConnection connection;
  private final EpollSocket socket;
  private @Nullable IoRegistration registration;
  private @Nullable ByteBuf pending;
  private int room;
  private int held;
  private boolean connecting;
  private boolean wanted;
  private boolean readable;
  private boolean hungUp;
  private boolean ended;
  private boolean endAfterPending;
  private boolean closed;

  EpollLeg(TcpConnection connection, EpollSocket socket) {
    this.connection = connection;
    this.socket = socket;
    this.room = connection.isHeaderExpected() ? HEADER_READ : FIRST_READ;
  }

  @Override
  public void begin() {
    try {
      register();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Enters the loop's epoll set. */
  private void register() throws IOException {
    var registered = connection.loop().eventLoop().register(this);
    try {
      registration = registered.getNow();
    } catch (RuntimeException | Error thrown) {
      // It has to be known, for close to cancel it.
      registration = registered.getNow();
      throw thrown;
    }
    if (registration == null) {
      throw new IOException("epoll_ctl: " + registered.cause(), registered.cause());
    }
    registration.submit(EDGES);
  }

  @Override
  public void connect(InetSocketAddress to, @Nullable InetAddress source) {
    try {
      socket.setTcpNoDelay(true);
      if (source != null) {
        socket.setTransparent();
        socket.setBindAddressNoPort();
        socket.bind(new InetSocketAddress(source, 0));
      }
      connecting = !socket.connect(to);
      register();
      if (!connecting) {
        connection.connected(this);
      }
    } catch (IOException e) {
      reset();
      connection.connectFailed(e);
    }
  }

  @Override
  public void handle(IoRegistration mine, IoEvent event) {
    try {
      ready(((EpollIoEvent) event).ops().value());
    } catch (Throwable thrown) {
      connection.fault(thrown);
    }
  }

  private void readOn() {
    try {
      read();
    } catch (Throwable thrown) {
      connection.fault(thrown);
    }
  }

  private void ready(int events) {
    if (closed) {
      return;
    }
    if ((events & RDHUP) != 0) {
      hungUp = true;
    }
    if (connecting) {
      finishConnect(events);
      return;
    }
    if ((events & OUT) != 0 && pending != null) {
      sendPending(pending);
    }
    if ((events & ERR) != 0 && (ended || !wanted)) {
      // A RST, and nobody is going to read and find out.
      fail();
    } else if ((events & IN) != 0) {
      readable = true;
      read();
    }
  }

  private void finishConnect(int events) {
    try {
      if ((events & ERR) == 0 || socket.finishConnect()) {
        connecting = false;
        readable = (events & IN) != 0;
        connection.connected(this);
      }
    } catch (IOException e) {
      reset();
      connection.connectFailed(e);
    }
  }

  @Override
  public void resume() {
    if (!wanted) {
      wanted = true;
      read();
    }
  }

  @Override
  public void pause() {
    wanted = false;
  }

  private void read() {
    for (int i = 0; i < READS_AT_A_TIME; i++) {
      if (closed || ended || !wanted || !readable) {
        return;
      }
      if (!readOnce()) {
        return;
      }
    }
    connection.loop().execute(this::readOn);
  }

  private boolean readOnce() {
    var bytes = connection.loop().readBuffer().clear();
    try {
      int count = receive(bytes);
      if (count > 0) {
        // A short read has emptied the socket (epoll(7)), unless what follows is the end.
        readable = count == room || hungUp;
        pass(bytes, hungUp && count < room ? following(bytes) : Following.UNKNOWN);
        adapt(count);
      } else if (count == 0) {
        readable = false;
      } else {
        end();
      }
      return true;
    } catch (IOException e) {
      fail();
      return false;
    }
  }

  private int receive(ByteBuf bytes) throws IOException {
    int from = bytes.writerIndex();
    int count = socket.recv(bytes.internalNioBuffer(from, room - from), from, room);
    bytes.writerIndex(from + Math.max(count, 0));
    return count;
  }

  /** Reads on, of a peer that has hung up: most likely this is its last. */
  private Following following(ByteBuf bytes) {
    try {
      return receive(bytes) < 0 ? Following.FIN : Following.UNKNOWN;
    } catch (IOException e) {
      return Following.RESET;
    }
  }

  private void pass(ByteBuf bytes, Following following) {
    if (following == Following.FIN) {
      connection.endsAfterNext(this);
    }
    connection.received(this, bytes.retain());
    connection.receivedAll(this);
    if (closed) {
      return;
    }
    switch (following) {
      case FIN -> end();
      case RESET -> fail();
      case UNKNOWN -> {}
    }
  }

  private void end() {
    ended = true;
    connection.ended(this);
  }

  /** Reads more at once from a peer that sends much, and less for one that doesn't keep up. */
  private void adapt(int count) {
    if (!wanted) {
      room = Math.clamp(room / 2, SMALLEST_READ, ProxyLoop.READ);
    } else if (count == room) {
      room = Math.min(room * 2, ProxyLoop.READ);
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    try {
      if (closed) {
        return;
      }
      if (pending == null) {
        bytes.skipBytes(send(bytes));
      }
      if (bytes.isReadable()) {
        keep(bytes);
      }
    } catch (IOException e) {
      fail();
    } catch (OutOfMemoryError e) {
      // One slow reader too many for the direct memory; the loop has to live on.
      LOG.log(Level.WARNING, () -> "no memory for a slow reader: " + e.getMessage());
      connection.outOfMemory();
    } finally {
      bytes.release();
    }
  }

  private int send(ByteBuf bytes) throws IOException {
    var view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
    return socket.send(view, view.position(), view.limit());
  }

  private void keep(ByteBuf rest) {
    if (pending == null) {
      pending = connection.loop().allocator().directBuffer(rest.readableBytes());
    }
    pending.writeBytes(rest);
    holds(pending.capacity());
  }

  private void holds(int bytes) {
    int more = bytes - held;
    held = bytes;
    connection.holds(more);
  }

  private void sendPending(ByteBuf rest) {
    try {
      int sent = send(rest);
      rest.skipBytes(sent);
      if (rest.isReadable()) {
        if (sent > 0) {
          connection.progressed();
        }
        return;
      }
      dropPending();
      if (endAfterPending) {
        shutdownOutput();
      }
    } catch (IOException e) {
      fail();
      return;
    }
    connection.drained(this);
  }

  private void dropPending() {
    if (pending != null) {
      pending.release();
      pending = null;
      holds(0);
    }
  }

  @Override
  public void endAfterNext() {
    try {
      socket.cork();
    } catch (IOException e) {
      fail();
    }
  }

  @Override
  public void flush() {
    // Writes don't wait for it.
  }

  @Override
  public boolean isWritable() {
    return pending == null;
  }

  @Override
  public long pending() {
    return pending == null ? 0 : pending.readableBytes();
  }

  @Override
  public void endOutput() {
    if (pending != null) {
      endAfterPending = true;
      return;
    }
    try {
      shutdownOutput();
    } catch (IOException e) {
      fail();
    }
  }

  private void shutdownOutput() throws IOException {
    try {
      socket.shutdown(false, true);
    } catch (NotYetConnectedException e) {
      // ENOTCONN: a RST has come that no event has told of yet.
      throw new IOException(e);
    }
  }

  private void fail() {
    if (!closed) {
      connection.failed(this);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      dropPending();
    } finally {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "close failed", e);
      } finally {
        cancelRegistration();
      }
    }
  }

  /** Leaves the epoll set: after close, which has done that without another call. */
  private void cancelRegistration() {
    if (registration == null) {
      return;
    }
    try {
      registration.cancel();
    } catch (RuntimeException | Error thrown) {
      // Left behind it would be taken for the next socket of this number.
      registration.cancel();
      throw thrown;
    }
  }

  @Override
  public void reset() {
    if (closed) {
      return;
    }
    try {
      socket.setSoLinger(0);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "SO_LINGER failed", e);
    }
    close();
  }

  @Override
  public void addressLost() {
    try {
      if (!closed) {
        socket.setTransparent();
      }
    } catch (IOException e) {
      // No CAP_NET_ADMIN: then VRRP is somebody else's, and who took the address answers.
      LOG.log(Level.DEBUG, "IP_TRANSPARENT failed", e);
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public @Nullable InetSocketAddress localAddress() {
    return socket.localAddress();
  }
}
