package io.lvs4j.ipvs.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A virtual service as the kernel keeps it, without its real servers.
 *
 * @param key what tells it from others
 * @param scheduler who chooses the real server
 * @param onePacket whether each datagram is scheduled by itself; UDP only
 * @param persistence how clients stay with their server, if they do
 * @param persistenceEngine who tells clients apart in place of their address: {@code sip}. For UDP
 *     and persistent services
 */
public record IpvsService(
    ServiceKey key,
    IpvsScheduler scheduler,
    boolean onePacket,
    Optional<ServicePersistence> persistence,
    Optional<String> persistenceEngine) {

  /** Checks that the families agree. */
  public IpvsService {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(scheduler, "scheduler");
    persistenceEngine.ifPresent(name -> Texts.check("persistence engine", name));
    var granularity = persistence.map(ServicePersistence::granularity);
    if (granularity.isPresent() && granularity.get().family() != key.family()) {
      throw new IllegalArgumentException(
          "persistence granularity of "
              + key
              + ": "
              + granularity.get().family()
              + " (expected: "
              + key.family()
              + ")");
    }
  }

  /** Returns a service with a scheduler and nothing else. */
  public static IpvsService of(ServiceKey key, IpvsScheduler scheduler) {
    return new IpvsService(key, scheduler, false, Optional.empty(), Optional.empty());
  }

  /** Returns a service with a scheduler and nothing else. */
  public static IpvsService of(ServiceKey key, String scheduler) {
    return of(key, IpvsScheduler.of(scheduler));
  }

  /** Returns the same with another scheduler. */
  public IpvsService withScheduler(IpvsScheduler scheduler) {
    return new IpvsService(key, scheduler, onePacket, persistence, persistenceEngine);
  }

  /** Returns the same, with each datagram scheduled by itself or not. */
  public IpvsService withOnePacket(boolean onePacket) {
    return new IpvsService(key, scheduler, onePacket, persistence, persistenceEngine);
  }

  /** Returns the same, with single clients staying with their server. */
  public IpvsService withPersistence(Duration timeout) {
    return withPersistence(new ServicePersistence(timeout, Granularity.single(key.family())));
  }

  /** Returns the same, with clients staying with their server. */
  public IpvsService withPersistence(ServicePersistence persistence) {
    return new IpvsService(key, scheduler, onePacket, Optional.of(persistence), persistenceEngine);
  }

  /** Returns the same, with no client kept on a server and no engine to find it by. */
  public IpvsService withoutPersistence() {
    return new IpvsService(key, scheduler, onePacket, Optional.empty(), Optional.empty());
  }

  /** Returns the same with a persistence engine. */
  public IpvsService withPersistenceEngine(String name) {
    return new IpvsService(key, scheduler, onePacket, persistence, Optional.of(name));
  }
}
