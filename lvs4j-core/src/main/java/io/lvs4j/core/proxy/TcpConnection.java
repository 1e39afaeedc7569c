package io.lvs4j.core.proxy;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.ConnectionSnapshot.State;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.core.balance.ConnectionFlow;
import io.lvs4j.core.balance.Lease;
import io.lvs4j.health.verdict.Stall;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A relayed TCP connection: the client's leg, the real server's leg and where both are in their
 * life.
 *
 * <p>Each side's FIN is passed on by itself, so half-closed connections work both ways. A RST on
 * one side becomes a RST on the other. Whatever else cuts a connection short (a timeout, no server,
 * the director) ends it with a RST too: a FIN would tell the peer that it has had everything.
 */
final class TcpConnection extends Relay {
  private static final LoopLogger LOG = LoopLogger.of(TcpConnection.class, System::nanoTime);

  private enum Phase {
    HEADER,
    CONNECTING,
    RELAYING,
    CLOSED
  }

  private final VirtualServer definition;
  private final Leg client;
  private final int hops;
  private @Nullable InetSocketAddress own;
  private final InetAddress clientSocketAddress;
  private ConnectionFlow flow;
  private @Nullable Leg server;
  private @Nullable Lease lease;
  private Optional<ProxyHeader> header = Optional.empty();
  private final ProxyHeaderReader headerReader = new ProxyHeaderReader();
  private @Nullable ByteBuf early;
  private int earlyHeld;
  private Phase phase = Phase.HEADER;
  private boolean clientEnded;
  private boolean serverEnded;
  private int retriesLeft;
  private long lastActivity;
  private long held;
  private long bytesIn;
  private long bytesOut;

  /** Creates the connection of an accepted socket; {@link #begin} starts it. */
  TcpConnection(
      TcpService service,
      ProxyLoop loop,
      InetSocketAddress from,
      Function<TcpConnection, Leg> clientLeg) {
    super(service, loop);
    this.definition = service.definition();
    this.retriesLeft = definition.connectRetries();
    this.lastActivity = loop.now();
    this.clientSocketAddress = from.getAddress();
    this.client = clientLeg.apply(this);
    this.hops = service.hops().of(Protocol.TCP, from);
    this.flow =
        new ConnectionFlow(
            Protocol.TCP, from, arrivedAt(service, client), service.arrival(), loop.random());
  }

  private static InetSocketAddress arrivedAt(TcpService service, Leg client) {
    var local = service.isForAllAddresses() ? client.localAddress() : null;
    return local == null ? service.address() : local;
  }

  /** Starts. From here on a fault ends it, and its legs with it. */
  void begin() {
    loop().opened(this);
    client.begin();
    if (service().isCircling(flow.client(), hops)) {
      end(Ending.LEADS_BACK);
    } else if (definition.isProxyProtocolAccepted()) {
      loop().timeouts().schedule(this, lastActivity);
      client.resume();
    } else {
      assign();
    }
  }

  private void assign() {
    lease = service().balancer().assign(flow);
    if (lease == null) {
      end(Ending.REFUSED);
    } else {
      connect(lease);
    }
  }

  private void connect(Lease to) {
    phase = Phase.CONNECTING;
    lastActivity = loop().now();
    loop().timeouts().schedule(this, lastActivity);
    try {
      server = loop().transport().newLeg(this, to.address().getAddress());
    } catch (IOException e) {
      if (Shortage.isBehind(e)) {
        loop().ranShort(service().id() + ": socket to connect", e);
      }
      connectFailed(e);
      return;
    }
    Leg leg = server;
    boolean transparent = told(to) == ClientAddress.TRANSPARENT;
    leg.connect(to.address(), transparent ? flow.clientAddress() : null);
    remember(leg);
  }

  /** Lets the plane know this connection when it comes back to it. */
  @SuppressWarnings("ReferenceEquality") // it may have been replaced meanwhile
  private void remember(Leg leg) {
    if (own == null
        && leg == server
        && phase != Phase.CLOSED
        && service().hops().mayComeBack(Protocol.TCP, leaseInForce().address())) {
      own = leg.localAddress();
      if (own != null) {
        service().hops().begin(Protocol.TCP, own, hops + 1);
      }
    }
  }

  private void forget() {
    service().hops().end(Protocol.TCP, own);
    own = null;
  }

  private ClientAddress told(Lease to) {
    return to.destination().server().clientAddress().orElse(definition.clientAddress());
  }

  /** Tells that the real server has answered. */
  void connected(Leg leg) {
    if (phase != Phase.CONNECTING) {
      return;
    }
    phase = Phase.RELAYING;
    remember(leg);
    lastActivity = loop().now();
    // The idle timeout may be shorter than the connect timeout, and the wheel has to know.
    loop().timeouts().schedule(this, lastActivity);
    announceClient(leg);
    if (early != null) {
      passIn(leg, takeEarly(early));
    }
    leg.flush();
    if (phase != Phase.RELAYING) {
      return;
    }
    if (clientEnded) {
      halfClosed();
      leg.endOutput();
    } else if (leg.isWritable()) {
      client.resume();
    }
    leg.resume();
  }

  private void announceClient(Leg leg) {
    switch (told(leaseInForce())) {
      case PROXY_PROTOCOL_V1 -> leg.write(headerToSend().version1(loop().allocator()));
      case PROXY_PROTOCOL_V2 -> leg.write(headerToSend().version2(loop().allocator()));
      case HIDDEN, TRANSPARENT -> {}
    }
  }

  private ProxyHeader headerToSend() {
    return header.orElseGet(() ->
        new ProxyHeader(
            flow.clientAddress(), flow.clientPort(), flow.virtualAddress(), flow.virtualPort()));
  }

  /** Tells that a connect came to nothing; the leg has closed itself. No byte was sent yet. */
  void connectFailed(Throwable cause) {
    if (phase == Phase.CONNECTING && lease != null) {
      boolean own = ConnectFailure.isOwn(cause);
      if (own) {
        service().lacking(lease, cause);
      } else {
        service().failed(lease, ConnectFailure.text(cause));
      }
      connectElsewhere(!own);
    }
  }

  private void connectElsewhere(boolean byItsFault) {
    if (lease == null) {
      return;
    }
    server = null;
    forget();
    if (retriesLeft == 0) {
      end(Ending.CONNECT_FAILED);
      return;
    }
    retriesLeft--;
    var failed = lease;
    lease = service().balancer().reassign(flow, failed, byItsFault);
    if (lease == null) {
      end(Ending.CONNECT_FAILED);
    } else {
      connect(lease);
    }
  }

  /** Tells that what a peer has sent is received next, and then its FIN. */
  void endsAfterNext(Leg from) {
    if (phase == Phase.RELAYING) {
      other(from).endAfterNext();
    }
  }

  /** Takes bytes that a peer has sent, and the buffer with them. */
  void received(Leg from, ByteBuf bytes) {
    switch (phase) {
      case CLOSED -> bytes.release();
      case CONNECTING -> keep(bytes);
      case HEADER -> readHeader(bytes);
      case RELAYING -> {
        lastActivity = loop().now();
        if (isClient(from)) {
          passIn(serverLeg(), bytes);
        } else {
          int count = bytes.readableBytes();
          bytesOut += count;
          leaseInForce().countOut(count);
          client.write(bytes);
        }
        pauseIfPeerIsSlow(from);
      }
    }
  }

  private void pauseIfPeerIsSlow(Leg from) {
    if (phase == Phase.RELAYING && !hasEnded(from) && !other(from).isWritable()) {
      from.pause();
    }
  }

  private void passIn(Leg to, ByteBuf bytes) {
    int count = bytes.readableBytes();
    bytesIn += count;
    leaseInForce().countIn(count);
    to.write(bytes);
  }

  /** Keeps bytes for the real server that has yet to be found or to answer. */
  private void keep(ByteBuf bytes) {
    try {
      if (!bytes.isReadable()) {
        return;
      }
      if (early == null) {
        early = loop().allocator().directBuffer(bytes.readableBytes());
      }
      early.writeBytes(bytes);
      int more = early.capacity() - earlyHeld;
      earlyHeld += more;
      holds(more);
    } finally {
      bytes.release();
    }
  }

  private ByteBuf takeEarly(ByteBuf bytes) {
    early = null;
    holds(-earlyHeld);
    earlyHeld = 0;
    return bytes;
  }

  /** Says whether the first that comes is a PROXY header, of which little has to be read. */
  boolean isHeaderExpected() {
    return phase == Phase.HEADER && definition.isProxyProtocolAccepted();
  }

  private void readHeader(ByteBuf bytes) {
    boolean kept = false;
    try {
      switch (headerReader.read(bytes)) {
        case ProxyHeaderDecoder.Incomplete more -> {}
        case ProxyHeaderDecoder.Malformed malformed -> {
          LOG.log(Level.DEBUG, () -> service().id() + ": " + flow.client() + ": " + malformed);
          end(Ending.BAD_PROXY_HEADER);
        }
        case ProxyHeaderDecoder.Decoded decoded -> {
          client.pause();
          header = decoded.header();
          header.ifPresent(told ->
              flow =
                  new ConnectionFlow(
                      flow.protocol(),
                      new InetSocketAddress(told.source(), told.sourcePort()),
                      flow.virtual(),
                      flow.arrivedAt(),
                      flow.lots()));
          phase = Phase.CONNECTING;
          kept = true;
          keep(bytes);
          if (phase != Phase.CLOSED) {
            assign();
          }
        }
      }
    } finally {
      if (!kept) {
        bytes.release();
      }
    }
  }

  /** Tells that for the moment there is no more to receive: a good time to send. */
  void receivedAll(Leg from) {
    if (phase == Phase.RELAYING) {
      other(from).flush();
      pauseIfPeerIsSlow(from);
    }
  }

  /** Tells that a peer that doesn't keep up has taken something. */
  void progressed() {
    lastActivity = loop().now();
    loop().memory().progressed(this);
  }

  /**
   * Tells that a leg has so much more or less memory for bytes that its peer has yet to take. The
   * connection may end in this call, when there is too little for all.
   */
  void holds(long more) {
    held += more;
    loop().memory().changed(this, more);
  }

  /** Returns how much memory the bytes take that its peers have yet to take. */
  long held() {
    return held;
  }

  /** Tells that there was no memory for what a peer has yet to take. */
  void outOfMemory() {
    end(Ending.NO_MEMORY);
  }

  /** Returns where the client's socket is, whatever a PROXY header says. */
  InetAddress clientSocketAddress() {
    return clientSocketAddress;
  }

  /** Tells that a peer that didn't keep up has caught up, or that its late FIN was sent. */
  void drained(Leg leg) {
    if (phase != Phase.RELAYING) {
      return;
    }
    lastActivity = loop().now();
    if (clientEnded && serverEnded) {
      if (allSent()) {
        end(Ending.CLOSED);
      }
    } else if (leg.isWritable() && !hasEnded(other(leg))) {
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
    if (phase == Phase.HEADER) {
      end(Ending.BAD_PROXY_HEADER);
    }
    if (phase != Phase.RELAYING) {
      return;
    }
    lastActivity = loop().now();
    if (!clientEnded || !serverEnded) {
      halfClosed();
      other(from).endOutput();
    } else if (allSent()) {
      end(Ending.CLOSED);
    } else {
      other(from).endOutput();
    }
  }

  private void halfClosed() {
    leaseInForce().halfClosed();
    // As above.
    loop().timeouts().schedule(this, lastActivity);
  }

  private boolean allSent() {
    return client.pending() == 0 && serverLeg().pending() == 0;
  }

  /** Tells that a leg's socket has failed, nearly always by a RST of its peer. */
  void failed(Leg leg) {
    if (phase == Phase.RELAYING && lease != null && !isClient(leg) && !serverEnded) {
      // A server that has ended its side owes nobody anything, whatever it says to more bytes.
      service().failed(lease, Ending.RESET_BY_SERVER.words());
    }
    end(isClient(leg) ? Ending.RESET_BY_CLIENT : Ending.RESET_BY_SERVER);
  }

  @Override
  long timeoutAt() {
    return lastActivity + timeout().toNanos();
  }

  private Duration timeout() {
    if (phase != Phase.RELAYING) {
      return definition.connectTimeout();
    }
    return clientEnded || serverEnded ? definition.halfClosedTimeout() : definition.idleTimeout();
  }

  @Override
  void timedOut() {
    switch (phase) {
      case HEADER -> end(Ending.NO_PROXY_HEADER);
      case CONNECTING -> {
        if (server != null) {
          server.reset();
        }
        if (lease != null && !Stall.discredits(timeoutAt(), loop().now(), timeout())) {
          service().failed(lease, "connect timed out");
        }
        connectElsewhere(true);
      }
      case RELAYING ->
          end(clientEnded || serverEnded ? Ending.HALF_CLOSED_TIMEOUT : Ending.IDLE_TIMEOUT);
      case CLOSED -> {}
    }
  }

  @Override
  void end(Ending ending) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    // Whatever one of these throws, the others have to happen.
    try {
      loop().timeouts().cancel(this);
      loop().closed(this);
      forget();
    } finally {
      try {
        if (ending == Ending.ADDRESS_LOST || ending == Ending.CLOSED_BY_DIRECTOR) {
          // The second may follow at its heels, when a director is closed.
          client.addressLost();
        }
        end(client, ending);
      } finally {
        try {
          if (server != null) {
            end(server, ending);
          }
        } finally {
          release(ending);
        }
      }
    }
    record(flow.client(), bytesIn, bytesOut, ending);
  }

  private void release(Ending ending) {
    if (early != null) {
      takeEarly(early).release();
    }
    if (lease != null) {
      end(lease, ending);
    }
  }

  /** Counts it on as the kernel would, which sees the packets that end it and no others. */
  private static void end(Lease lease, Ending ending) {
    switch (ending) {
      case CLOSED -> {
        lease.succeeded();
        lease.closed();
      }
      case RESET_BY_CLIENT, RESET_BY_SERVER -> lease.reset();
      default -> lease.release();
    }
  }

  private static void end(Leg leg, Ending ending) {
    if (ending == Ending.CLOSED) {
      leg.close();
    } else {
      leg.reset();
    }
  }

  @Override
  @Nullable Lease lease() {
    return lease;
  }

  @Override
  @Nullable ConnectionSnapshot snapshot() {
    Lease held = lease;
    if (held == null) {
      return null;
    }
    return new ConnectionSnapshot(
        definition.id(),
        Protocol.TCP,
        endpoint(flow.client()),
        endpoint(flow.virtual()),
        held.destination().endpoint(),
        state(),
        Duration.ofNanos(Math.max(0, timeoutAt() - loop().now())),
        bytesIn,
        bytesOut);
  }

  private State state() {
    if (phase != Phase.RELAYING) {
      return State.SYN_SENT;
    }
    if (clientEnded) {
      return State.CLOSE_WAIT;
    }
    return serverEnded ? State.FIN_WAIT : State.ESTABLISHED;
  }

  @SuppressWarnings("ReferenceEquality") // two legs, told apart by identity
  private boolean isClient(Leg leg) {
    return leg == client;
  }

  private boolean hasEnded(Leg leg) {
    return isClient(leg) ? clientEnded : serverEnded;
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
