package io.lvs4j.core;

import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which virtual servers are at an address that comes and goes with a VRRP instance. */
final class Addressing {
  private final TreeSet<String> instances = new TreeSet<>();
  private final Map<InetAddress, String> byAddress = new HashMap<>();

  Addressing(List<VrrpInstance> all) {
    for (var instance : all) {
      instances.add(instance.name());
      instance
          .allAddresses()
          .forEach(address -> byAddress.putIfAbsent(address.address(), instance.name()));
    }
  }

  /** Returns a virtual server that follows the instance of its address, unless it says whom. */
  VirtualServer following(VirtualServer virtualServer) {
    var instance = byAddress.get(virtualServer.id().endpoint().address());
    return instance == null || virtualServer.vrrpInstance().isPresent()
        ? virtualServer
        : virtualServer.toBuilder().whileMaster(instance).build();
  }

  /** Returns which virtual servers want to follow an instance that isn't there. */
  List<Problem> problems(List<VirtualServer> virtualServers) {
    var problems = new ArrayList<Problem>();
    for (var each : virtualServers) {
      each.vrrpInstance()
          .filter(name -> !instances.contains(name))
          .map(name ->
              new Problem(
                  "virtual server " + each.id() + ": while master of",
                  name,
                  instances.isEmpty()
                      ? "a VRRP instance of the director, which has none"
                      : "one of " + instances))
          .ifPresent(problems::add);
    }
    return problems;
  }
}
