package io.lvs4j.core.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An event loop and what belongs to its thread: the deadlines, the randomness and the connections
 * that it carries.
 */
final class ProxyLoop {
  private final IoEventLoop eventLoop;
  private final SocketTransport transport;
  private final RandomGenerator random;
  private final TimeoutWheel timeouts;
  private final List<TcpConnection> open = new ArrayList<>();
  private @Nullable ScheduledFuture<?> alarm;

  ProxyLoop(IoEventLoop eventLoop, SocketTransport transport, RandomGenerator random) {
    this.eventLoop = eventLoop;
    this.transport = transport;
    this.random = random;
    this.timeouts = new TimeoutWheel(now(), this::wakeIn);
  }

  IoEventLoop eventLoop() {
    return eventLoop;
  }

  /** Makes a channel one of this loop. */
  ChannelFuture register(Channel channel) {
    EventLoopGroup group = eventLoop;
    return group.register(channel);
  }

  SocketTransport transport() {
    return transport;
  }

  RandomGenerator random() {
    return random;
  }

  TimeoutWheel timeouts() {
    return timeouts;
  }

  /** Returns the time on the clock of the deadlines. */
  long now() {
    return System.nanoTime();
  }

  /** Adds a connection to those that other threads see. */
  void opened(TcpConnection connection) {
    synchronized (open) {
      connection.position = open.size();
      open.add(connection);
    }
  }

  /** Takes it out again. */
  void closed(TcpConnection connection) {
    synchronized (open) {
      TcpConnection last = open.removeLast();
      if (last != connection) {
        open.set(connection.position, last);
        last.position = connection.position;
      }
    }
  }

  /** Returns the open connections of this moment. Any thread may ask. */
  List<TcpConnection> connections() {
    synchronized (open) {
      return List.copyOf(open);
    }
  }

  int openConnections() {
    synchronized (open) {
      return open.size();
    }
  }

  private void wakeIn(long delay) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm = eventLoop.schedule(() -> timeouts.turn(now()), delay, TimeUnit.NANOSECONDS);
  }
}
