package io.lvs4j.core.engine;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Pauses the checks of virtual servers whose address isn't on this host (keepalived's {@code
 * ha_suspend}). On the engine's thread.
 */
final class HaSuspend {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final EngineLoop loop;
  private final HostAddresses host;
  private final Predicate<String> masters;
  private final Supplier<Collection<Service>> services;
  private Set<InetAddress> here = Set.of();
  private boolean looking;

  /**
   * Creates it without a service to look after.
   *
   * @param masters says whether a VRRP instance is master
   * @param services all that are served
   */
  HaSuspend(
      EngineLoop loop,
      HostAddresses host,
      Predicate<String> masters,
      Supplier<Collection<Service>> services) {
    this.loop = loop;
    this.host = host;
    this.masters = masters;
    this.services = services;
  }

  /** Pauses or resumes the checks of a service that has begun or has been changed. */
  void settle(Service service) {
    service.checking(isHere(service.definition));
    if (address(service.definition).isPresent() && !looking) {
      looking = true;
      look();
    }
  }

  /** Pauses and resumes checks now that an instance is or isn't master. */
  void mastersChanged() {
    services.get().forEach(service -> service.checking(isHere(service.definition)));
  }

  private boolean isHere(VirtualServer definition) {
    if (!definition.isHaSuspended()) {
      return true;
    }
    return !definition.vrrpInstances().isEmpty()
        ? definition.vrrpInstances().stream().anyMatch(masters)
        : address(definition).filter(address -> !here.contains(address)).isEmpty();
  }

  /** Returns the address that has to be on this host; empty if that needn't be looked for. */
  private static Optional<InetAddress> address(VirtualServer definition) {
    return definition.isHaSuspended()
            && definition.vrrpInstances().isEmpty()
            && definition.id() instanceof VirtualServerId.Address at
        ? Optional.of(at.endpoint().address()).filter(address -> !address.isAnyLocalAddress())
        : Optional.empty();
  }

  private void look() {
    var wanted = new HashSet<InetAddress>();
    services.get().forEach(service -> address(service.definition).ifPresent(wanted::add));
    if (wanted.isEmpty()) {
      looking = false;
      return;
    }
    host.find(wanted, found -> loop.execute(() -> found(found)));
    loop.schedule(LOOK_AGAIN, this::look);
  }

  private void found(Set<InetAddress> found) {
    if (!found.equals(here)) {
      here = Set.copyOf(found);
      mastersChanged();
    }
  }
}
