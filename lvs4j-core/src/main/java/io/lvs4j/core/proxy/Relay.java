package io.lvs4j.core.proxy;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.core.balance.Lease;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection or UDP session from a client to a real server. It belongs to one event loop;
 * other threads may only look.
 */
abstract sealed class Relay extends TimeoutWheel.Entry permits TcpConnection, UdpSession {
  static final int NOWHERE = -1;

  /** Where this is in its loop's list of open ones. */
  int position = NOWHERE;

  private final Service service;
  private final ProxyLoop loop;
  private final @Nullable ConnectionEvent event;

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

  /** Ends it, at once; further calls do nothing. */
  abstract void end(Ending ending);

  /** Returns what there is to say, or null when no real server has been found yet. */
  abstract @Nullable ConnectionSnapshot snapshot();

  /** Returns its place on a real server, or null when it has none. */
  abstract @Nullable Lease lease();

  /** Says whether this goes to a destination. */
  final boolean isTo(Endpoint destination) {
    Lease lease = lease();
    return lease != null && lease.destination().endpoint().equals(destination);
  }

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
