package io.lvs4j.core.proxy;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.core.balance.Lease;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection or UDP session from a client to a real server. It belongs to one event loop;
 * other threads may only look.
 *
 * <p>A timeout that has passed is not believed at once: the process may have stood still (a
 * collector's pause, SIGSTOP) while the peers spoke, and what they said lies in the sockets. The
 * loop gets the time to read it, as long as it was late and a turn of its sockets at least; only a
 * timeout that nothing has moved then ends the connection.
 */
abstract sealed class Relay extends TimeoutWheel.Entry permits TcpConnection, UdpSession {
  static final int NOWHERE = -1;

  /** Where this is in its loop's list of open ones. */
  int position = NOWHERE;

  /** Longer than a tick of the wheel, so that the loop looks at its sockets in between. */
  private static final long LOOK = Duration.ofMillis(20).toNanos();

  /** The queue that this is in, and its neighbours there. */
  @Nullable RelayQueue queue;

  @Nullable Relay earlier;
  @Nullable Relay later;

  private final Service service;
  private final ProxyLoop loop;
  private final @Nullable ConnectionEvent event;
  private boolean doubting;
  private long doubted;
  private long believedAt;

  Relay(Service service, ProxyLoop loop) {
    this.service = service;
    this.loop = loop;
    var record = new ConnectionEvent();
    if (record.isEnabled()) {
      record.begin();
      this.event = record;
    } else {
      this.event = null;
    }
  }

  Service service() {
    return service;
  }

  ProxyLoop loop() {
    return loop;
  }

  /** Returns the moment at which this has been silent for too long. */
  abstract long timeoutAt();

  /** Tells that it has been silent for too long, and the loop has looked at its sockets since. */
  abstract void timedOut();

  @Override
  final long deadline() {
    long due = timeoutAt();
    return doubting && doubted == due ? believedAt : due;
  }

  @Override
  final void expired() {
    long due = timeoutAt();
    if (doubting && doubted == due) {
      doubting = false;
      timedOut();
      return;
    }
    long now = loop.now();
    doubting = true;
    doubted = due;
    believedAt = now + Math.max(LOOK, now - due);
    loop.timeouts().schedule(this, now);
  }

  /** Ends it, at once; further calls do nothing. */
  abstract void end(Ending ending);

  /** Tells that code that served it has thrown: it ends, and nothing else. Never throws. */
  @Override
  final void fault(Throwable thrown) {
    loop.survived(service.connections(), thrown);
    try {
      end(Ending.FAULT);
    } catch (Throwable again) {
      loop.survived(service.connections(), again);
    }
  }

  /** Returns what there is to say, or null when no real server has been found yet. */
  abstract @Nullable ConnectionSnapshot snapshot();

  /** Returns its place on a real server, or null when it has none. */
  abstract @Nullable Lease lease();

  /** Writes the JFR event, if anybody records it. */
  final void record(InetSocketAddress client, long bytesIn, long bytesOut, Ending ending) {
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      Lease lease = lease();
      event.virtualServer = service.id().toString();
      event.client = endpoint(client).toString();
      event.realServer = lease == null ? "" : lease.destination().endpoint().toString();
      event.bytesIn = bytesIn;
      event.bytesOut = bytesOut;
      event.end = ending.words();
      event.commit();
    }
  }

  static Endpoint endpoint(InetSocketAddress client) {
    return new Endpoint(client.getAddress(), client.getPort());
  }
}
