package io.lvs4j.core.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.FailureListener;
import io.lvs4j.core.balance.Balancer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A TCP virtual server in service. Its connections outlive it. */
final class TcpService extends Service {
  private final List<ProxyLoop> loops;
  private final SocketTransport transport;
  private final InetSocketAddress address;
  private SocketTransport.@Nullable Listener listener;

  TcpService(
      VirtualServer definition,
      Balancer balancer,
      Ticker ticker,
      FailureListener failures,
      Hops hops,
      List<ProxyLoop> loops,
      SocketTransport transport) {
    super(definition, balancer, ticker, failures, hops);
    this.loops = loops;
    this.transport = transport;
    this.address = address(definition).endpoint().toSocketAddress();
  }

  @Override
  CompletionStage<?> open() {
    return transport.listen(address, loops, this).thenAccept(opened -> listener = opened);
  }

  @Override
  CompletionStage<?> close() {
    return listener == null ? CompletableFuture.completedFuture(this) : listener.close();
  }

  /** Returns the virtual address and port. */
  InetSocketAddress address() {
    return address;
  }

  /** Says whether a connection has to be asked which address of the host it came to. */
  boolean isForAllAddresses() {
    return address.getAddress().isAnyLocalAddress();
  }
}
