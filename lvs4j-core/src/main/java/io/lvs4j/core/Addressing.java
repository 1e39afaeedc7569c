package io.lvs4j.core;

import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which virtual servers are at an address that comes and goes with a VRRP instance. */
final class Addressing {
  private final TreeSet<String> instances = new TreeSet<>();
  private final Map<InetAddress, Set<String>> byAddress = new HashMap<>();

  Addressing(List<VrrpInstance> all) {
    for (var instance : all) {
      instances.add(instance.name());
      instance
          .allAddresses()
          .forEach(address ->
              byAddress
                  .computeIfAbsent(address.address(), _ -> new LinkedHashSet<>())
                  .add(instance.name()));
    }
  }

  /** Returns a virtual server that follows the instances of its address, unless it says whom. */
  VirtualServer following(VirtualServer virtualServer) {
    var holders = instancesOf(virtualServer.id());
    return holders.isEmpty() || !virtualServer.vrrpInstances().isEmpty()
        ? virtualServer
        : virtualServer.toBuilder().whileMasterOfAny(holders).build();
  }

  /**
   * Returns a virtual server that is served as it should be from now on, where it followed the
   * instances of its address as they were before.
   */
  VirtualServer following(VirtualServer served, Addressing before) {
    return before.instancesOf(served.id()).equals(served.vrrpInstances())
        ? following(served.toBuilder().always().build())
        : served;
  }

  /** A firewall mark says nothing of addresses; who wants it to follow an instance says which. */
  private List<String> instancesOf(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address at ->
          List.copyOf(byAddress.getOrDefault(at.endpoint().address(), Set.of()));
      case VirtualServerId.FirewallMark _ -> List.of();
    };
  }

  /** Returns which instances a data plane wants to follow that aren't there. */
  List<Problem> problems(DataPlane plane) {
    return plane.followedInstances().stream()
        .filter(name -> !instances.contains(name))
        .sorted()
        .map(name -> new Problem(plane.name() + " data plane: follows", name, expected()))
        .toList();
  }

  private String expected() {
    return instances.isEmpty()
        ? "a VRRP instance of the director, which has none"
        : "one of " + instances;
  }

  /** Returns which virtual servers want to follow an instance that isn't there. */
  List<Problem> problems(List<VirtualServer> virtualServers) {
    var problems = new ArrayList<Problem>();
    for (var each : virtualServers) {
      each.vrrpInstances().stream()
          .filter(name -> !instances.contains(name))
          .map(name ->
              new Problem("virtual server " + each.id() + ": while master of", name, expected()))
          .forEach(problems::add);
    }
    return problems;
  }
}
