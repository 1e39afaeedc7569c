package io.lvs4j.vrrp.router;

import io.lvs4j.api.Problem;
import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A host in memory for a router with a thread: time is real, and nobody else is on the link. */
final class LiveHost implements HostNetwork {
  final AtomicInteger adverts = new AtomicInteger();
  final Set<VirtualAddressClaim> held = ConcurrentHashMap.newKeySet();
  volatile List<Problem> obstacles = List.of();
  volatile Optional<Throwable> bug = Optional.empty();
  volatile boolean closed;
  volatile Optional<Thread> preferred = Optional.empty();
  private final Semaphore woken = new Semaphore(0);

  @Override
  public List<Problem> obstacles(boolean toHoldAddresses) {
    return obstacles;
  }

  @Override
  public Optional<InterfaceState> watch(String networkInterface) {
    return Optional.of(
        new InterfaceState(
            networkInterface,
            2,
            true,
            true,
            1500,
            Optional.of(new HardwareAddress(2)),
            List.of(InetAddress.ofLiteral("10.77.0.1"))));
  }

  @Override
  public void preferCallingThread() {
    preferred = Optional.of(Thread.currentThread());
  }

  @Override
  public VrrpChannel openVrrp(VrrpChannelSettings settings) {
    return new VrrpChannel() {
      @Override
      public VrrpChannelSettings settings() {
        return settings;
      }

      @Override
      public void send(byte[] message, InetAddress destination) {
        adverts.incrementAndGet();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void claim(VirtualAddressClaim claim) {
    held.add(claim);
  }

  @Override
  public void release(VirtualAddressClaim claim) {
    held.remove(claim);
  }

  @Override
  public void announce(String networkInterface, InetAddress address) {}

  @Override
  public List<HostEvent> await(long deadlineNanos) {
    bug.ifPresent(LiveHost::fail);
    try {
      var _ = woken.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      woken.drainPermits();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  @Override
  public void wakeUp() {
    woken.release();
  }

  @Override
  public void close() {
    closed = true;
    held.clear();
  }

  /** Throws anything, as code that isn't Java's can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <T extends Throwable> void fail(Throwable failure) throws T {
    throw (T) failure;
  }
}
