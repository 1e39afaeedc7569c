package io.lvs4j.core.proxy;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.ConnectionSnapshot.State;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.balance.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A relayed TCP connection: the client's leg, the real server's leg and where both are in their
 * life. All of it happens on one event loop; other threads may only look.
 *
 * <p>Each side's FIN is passed on by itself, so half-closed connections work both ways. A RST on
 * one side becomes a RST on the other. Whatever else cuts a connection short (a timeout, no server,
 * the director) ends it with a RST too: a FIN would tell the peer that it has had everything.
 */
final class TcpConnection extends TimeoutWheel.Entry {
  private static final System.Logger LOG = System.getLogger(TcpConnection.class.getName());

  private enum Phase {
    HEADER,
    CONNECTING,
    RELAYING,
    CLOSED
  }

  /** Where this is in its loop's list of open connections. */
  int position;

  private final TcpService service;
  private final VirtualServer definition;
  private final ProxyLoop loop;
  private final Leg client;
  private final @Nullable ConnectionEvent event;
  private ArrivedFlow flow;
  private @Nullable Leg server;
  private @Nullable Lease lease;
  private @Nullable ByteBuf early;
  private Phase phase = Phase.HEADER;
  private boolean clientEnded;
  private boolean serverEnded;
  private int retriesLeft;
  private long lastActivity;
  private long bytesIn;
  private long bytesOut;

  /** Creates the connection of an accepted socket; {@link #begin} starts it. */
  TcpConnection(
      TcpService service,
      ProxyLoop loop,
      InetAddress clientAddress,
      int clientPort,
      Function<TcpConnection, Leg> clientLeg) {
    this.service = service;
    this.definition = service.definition();
    this.loop = loop;
    this.retriesLeft = definition.connectRetries();
    this.lastActivity = loop.now();
    this.client = clientLeg.apply(this);
    var virtual = definition.id().endpoint();
    this.flow =
        new ArrivedFlow(
            Protocol.TCP,
            clientAddress,
            clientPort,
            virtual.address().isAnyLocalAddress()
                ? client.localAddress().getAddress()
                : virtual.address(),
            virtual.port(),
            service.arrival(),
            loop.random());
    var record = new ConnectionEvent();
    if (record.isEnabled()) {
      record.begin();
      this.event = record;
    } else {
      this.event = null;
    }
  }

  ProxyLoop loop() {
    return loop;
  }

  /** Starts: the client's leg is ready. */
  void begin() {
    loop.opened(this);
    assign();
  }

  private void assign() {
    var assigned = service.balancer().assign(flow);
    if (assigned == null) {
      end(Ending.REFUSED);
      return;
    }
    lease = assigned;
    connect(assigned);
  }

  private void connect(Lease to) {
    phase = Phase.CONNECTING;
    lastActivity = loop.now();
    loop.timeouts().schedule(this, lastActivity);
    var leg = loop.transport().newLeg(this);
    server = leg;
    leg.connect(to.address(), isTransparent(to) ? flow.clientAddress() : null);
  }

  private boolean isTransparent(Lease to) {
    return to.destination().server().clientAddress().orElse(definition.clientAddress())
        == ClientAddress.TRANSPARENT;
  }

  /** Tells that the real server has answered. */
  void connected(Leg leg) {
    if (phase != Phase.CONNECTING) {
      return;
    }
    phase = Phase.RELAYING;
    lastActivity = loop.now();
    if (early != null) {
      var bytes = early;
      early = null;
      passIn(leg, bytes);
    }
    leg.flush();
    if (clientEnded) {
      halfClosed();
      leg.endOutput();
    } else if (leg.isWritable()) {
      client.resume();
    }
    leg.resume();
  }

  /** Tells that a connect came to nothing; the leg has closed itself. No byte was sent yet. */
  void connectFailed() {
    if (phase != Phase.CONNECTING || lease == null) {
      return;
    }
    server = null;
    if (retriesLeft-- > 0) {
      lease = service.balancer().reassign(flow, lease);
    } else {
      lease.release();
      lease = null;
    }
    if (lease == null) {
      end(Ending.CONNECT_FAILED);
    } else {
      connect(lease);
    }
  }

  /** Takes bytes that a peer has sent, and the buffer with them. */
  void received(Leg from, ByteBuf bytes) {
    switch (phase) {
      case CLOSED -> bytes.release();
      case HEADER, CONNECTING -> keep(bytes);
      case RELAYING -> {
        lastActivity = loop.now();
        if (isClient(from)) {
          passIn(serverLeg(), bytes);
        } else {
          int count = bytes.readableBytes();
          bytesOut += count;
          leaseInForce().countOut(count);
          client.write(bytes);
        }
      }
    }
  }

  private void passIn(Leg to, ByteBuf bytes) {
    int count = bytes.readableBytes();
    bytesIn += count;
    leaseInForce().countIn(count);
    to.write(bytes);
  }

  private void keep(ByteBuf bytes) {
    if (early == null) {
      early = Unpooled.buffer(bytes.readableBytes());
    }
    early.writeBytes(bytes);
    bytes.release();
  }

  /** Tells that for the moment there is no more to receive: a good time to send. */
  void receivedAll(Leg from) {
    if (phase == Phase.RELAYING) {
      Leg to = other(from);
      to.flush();
      if (phase == Phase.RELAYING && !to.isWritable()) {
        from.pause();
      }
    }
  }

  /** Tells that a peer that didn't keep up has caught up, or that its late FIN was sent. */
  void drained(Leg leg) {
    if (phase != Phase.RELAYING) {
      return;
    }
    lastActivity = loop.now();
    if (clientEnded && serverEnded) {
      endIfAllSent();
    } else if (leg.isWritable() && !(isClient(leg) ? serverEnded : clientEnded)) {
      other(leg).resume();
    }
  }

  /** Tells that a peer has sent its FIN. */
  void ended(Leg from) {
    if (isClient(from)) {
      clientEnded = true;
    } else {
      serverEnded = true;
    }
    if (phase != Phase.RELAYING) {
      return;
    }
    lastActivity = loop.now();
    if (clientEnded && serverEnded) {
      other(from).flush();
      endIfAllSent();
    } else {
      halfClosed();
      other(from).endOutput();
    }
  }

  private void halfClosed() {
    leaseInForce().halfClosed();
    loop.timeouts().schedule(this, lastActivity);
  }

  private void endIfAllSent() {
    if (client.pending() == 0 && serverLeg().pending() == 0) {
      end(Ending.CLOSED);
    }
  }

  /** Tells that a leg's socket has failed, nearly always by a RST of its peer. */
  void failed(Leg leg) {
    end(isClient(leg) ? Ending.RESET_BY_CLIENT : Ending.RESET_BY_SERVER);
  }

  /** Tells that this code has failed; the connection is beyond repair. */
  void fault(Throwable cause) {
    LOG.log(System.Logger.Level.ERROR, () -> "connection to " + definition.id() + ": fault", cause);
    end(Ending.FAULT);
  }

  @Override
  long deadline() {
    return lastActivity + timeout().toNanos();
  }

  private Duration timeout() {
    if (phase != Phase.RELAYING) {
      return definition.connectTimeout();
    }
    return clientEnded || serverEnded ? definition.halfClosedTimeout() : definition.idleTimeout();
  }

  @Override
  void expired() {
    switch (phase) {
      case HEADER -> end(Ending.NO_PROXY_HEADER);
      case CONNECTING -> {
        if (server != null) {
          server.reset();
        }
        connectFailed();
      }
      case RELAYING ->
          end(clientEnded || serverEnded ? Ending.HALF_CLOSED_TIMEOUT : Ending.IDLE_TIMEOUT);
      case CLOSED -> {}
    }
  }

  /** Ends the connection; further calls do nothing. */
  void end(Ending ending) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    loop.timeouts().cancel(this);
    loop.closed(this);
    if (ending == Ending.CLOSED) {
      client.close();
    } else {
      client.reset();
    }
    if (server != null) {
      if (ending == Ending.CLOSED) {
        server.close();
      } else {
        server.reset();
      }
    }
    if (early != null) {
      early.release();
      early = null;
    }
    if (lease != null) {
      lease.release();
    }
    if (event != null) {
      commit(event, ending);
    }
  }

  private void commit(ConnectionEvent record, Ending ending) {
    record.end();
    if (record.shouldCommit()) {
      record.virtualServer = definition.id().toString();
      record.client = clientEndpoint().toString();
      record.realServer = lease == null ? "" : lease.destination().endpoint().toString();
      record.bytesIn = bytesIn;
      record.bytesOut = bytesOut;
      record.end = ending.words();
      record.commit();
    }
  }

  /** Says whether this goes to a destination of a virtual server. Any thread may ask. */
  boolean isTo(TcpService asked, Endpoint destination) {
    Lease mine = lease;
    return service == asked && mine != null && mine.destination().endpoint().equals(destination);
  }

  /** Returns what there is to say, or null when no real server has been found. For any thread. */
  @Nullable ConnectionSnapshot snapshot() {
    Lease mine = lease;
    if (mine == null) {
      return null;
    }
    State state;
    if (phase != Phase.RELAYING) {
      state = State.SYN_SENT;
    } else if (clientEnded) {
      state = State.CLOSE_WAIT;
    } else {
      state = serverEnded ? State.FIN_WAIT : State.ESTABLISHED;
    }
    return new ConnectionSnapshot(
        definition.id(),
        clientEndpoint(),
        mine.destination().endpoint(),
        state,
        Duration.ofNanos(Math.max(0, deadline() - loop.now())),
        bytesIn,
        bytesOut);
  }

  private Endpoint clientEndpoint() {
    return new Endpoint(flow.clientAddress(), flow.clientPort());
  }

  @SuppressWarnings("ReferenceEquality") // two legs, told apart by identity
  private boolean isClient(Leg leg) {
    return leg == client;
  }

  private Leg other(Leg leg) {
    return isClient(leg) ? serverLeg() : client;
  }

  private Leg serverLeg() {
    if (server == null) {
      throw new IllegalStateException("no server leg in phase " + phase);
    }
    return server;
  }

  private Lease leaseInForce() {
    if (lease == null) {
      throw new IllegalStateException("no lease in phase " + phase);
    }
    return lease;
  }
}
