package io.lvs4j.ipvs.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.Granularity;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsScheduler;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.ServicePersistence;
import java.util.List;
import java.util.stream.Stream;

/** Says lvs4j's nouns in the kernel's. */
final class Translation {
  private Translation() {}

  static DesiredService service(VirtualServer definition, List<Destination> destinations) {
    return DesiredService.of(
        settings(definition),
        destinations.stream().map(each -> destination(definition, each)).toList());
  }

  /** Returns what a service should be after its virtual server was defined anew. */
  static DesiredService redefined(
      DesiredService desired, VirtualServer before, VirtualServer definition) {
    var changed = desired.with(settings(definition));
    if (before.forwarding() == definition.forwarding()) {
      return changed;
    }
    // Those that have no method of their own are reached by the new one.
    for (var server : servers(definition)) {
      var there = changed.destinations().get(key(server.endpoint()));
      if (there != null) {
        changed = changed.with(destination(definition, new Destination(server, there.weight())));
      }
    }
    return changed;
  }

  /** Returns the real servers and the sorry server. */
  static List<RealServer> servers(VirtualServer definition) {
    return Stream.concat(definition.realServers().stream(), definition.sorryServer().stream())
        .toList();
  }

  static IpvsService settings(VirtualServer definition) {
    var key = key(definition.id());
    return new IpvsService(
        key,
        scheduler(definition),
        definition.isOnePacket(),
        definition.persistence().map(kept -> persistence(key, kept)),
        definition.persistence().flatMap(Persistence::engine));
  }

  private static ServicePersistence persistence(ServiceKey key, Persistence kept) {
    int length =
        switch (key.family()) {
          case IPV4 -> kept.prefixV4();
          case IPV6 -> kept.prefixV6();
        };
    return new ServicePersistence(kept.timeout(), Granularity.prefix(key.family(), length));
  }

  /**
   * Returns the kernel's scheduler of the same name.
   *
   * @throws IllegalArgumentException when it has no such flag
   */
  static IpvsScheduler scheduler(VirtualServer definition) {
    return definition
        .scheduler()
        .map(scheduler -> IpvsScheduler.of(scheduler.name(), scheduler.flags()))
        .orElseGet(() -> IpvsScheduler.of("wlc"));
  }

  static ServiceKey key(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address(Protocol protocol, Endpoint at) ->
          switch (protocol) {
            case TCP -> ServiceKey.tcp(at.address(), at.port());
            case UDP -> ServiceKey.udp(at.address(), at.port());
          };
      case VirtualServerId.FirewallMark(var mark, var family) ->
          ServiceKey.firewallMark(mark, family);
    };
  }

  static DestinationKey key(Endpoint endpoint) {
    return new DestinationKey(endpoint.address(), endpoint.port());
  }

  static Endpoint endpoint(DestinationKey key) {
    return new Endpoint(key.address(), key.port());
  }

  static IpvsDestination destination(VirtualServer definition, Destination destination) {
    var server = destination.server();
    return new IpvsDestination(
        key(server.endpoint()),
        forwarding(definition, destination),
        destination.weight(),
        server.upperThreshold(),
        server.lowerThreshold());
  }

  private static IpvsForwarding forwarding(VirtualServer definition, Destination destination) {
    var server = destination.server();
    return switch (definition.forwardingOf(server)) {
      case NAT -> IpvsForwarding.masquerade();
      case DIRECT_ROUTING -> IpvsForwarding.directRouting();
      case TUNNEL -> IpvsForwarding.tunnel(server.tunnel().orElse(Tunnel.ipip()));
      case FULL_NAT ->
          throw new IllegalArgumentException(
              server.endpoint() + ": FULL_NAT (expected: NAT, DIRECT_ROUTING or TUNNEL)");
    };
  }

  /** Returns the name of the scheduler. */
  static String schedulerName(VirtualServer definition) {
    return definition.scheduler().map(Scheduler::name).orElse("wlc");
  }
}
