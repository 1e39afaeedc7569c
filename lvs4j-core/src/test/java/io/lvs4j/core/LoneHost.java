package io.lvs4j.core;

import io.lvs4j.api.Problem;
import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.HostNetworkProvider;
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

/** A host in memory for a director with VRRP: time is real, and nobody else is on the link. */
final class LoneHost implements HostNetwork, HostNetworkProvider {
  final Set<VirtualAddressClaim> held = ConcurrentHashMap.newKeySet();

  /** An interface that the host refuses to watch; empty for none. */
  volatile String refused = "";

  volatile Optional<Throwable> bug = Optional.empty();
  private final Semaphore woken = new Semaphore(0);

  @Override
  public HostNetwork open() {
    return this;
  }

  @Override
  public List<Problem> obstacles(boolean toHoldAddresses) {
    return List.of();
  }

  @Override
  public Optional<InterfaceState> watch(String networkInterface) throws HostNetworkException {
    if (networkInterface.equals(refused)) {
      throw new HostNetworkException("watch " + networkInterface + ": ENOBUFS");
    }
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
  public void preferCallingThread() {}

  @Override
  public VrrpChannel openVrrp(VrrpChannelSettings settings) {
    return new VrrpChannel() {
      @Override
      public VrrpChannelSettings settings() {
        return settings;
      }

      @Override
      public void send(byte[] message, InetAddress destination) {}

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
    bug.ifPresent(LoneHost::fail);
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
    held.clear();
  }

  /** Throws anything, as code that isn't Java's can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <T extends Throwable> void fail(Throwable failure) throws T {
    throw (T) failure;
  }
}
