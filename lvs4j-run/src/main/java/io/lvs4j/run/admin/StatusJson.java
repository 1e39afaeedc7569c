package io.lvs4j.run.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.VirtualServerSnapshot;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A director as JSON: what {@code GET /status} answers. */
final class StatusJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatusJson() {}

  static String of(DirectorSnapshot director, List<VrrpSnapshot> instances) {
    var root = MAPPER.createObjectNode();
    var vrrp = root.putArray("vrrp");
    instances.forEach(each -> write(vrrp.addObject(), each));
    var servers = root.putArray("virtualServers");
    director.virtualServers().forEach(each -> write(servers.addObject(), each));
    root.put("running", director.loops().stream().allMatch(LoopSnapshot::alive));
    var loops = root.putArray("loops");
    director.loops().forEach(each -> write(loops.addObject(), each));
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("status", impossible);
    }
  }

  private static void write(ObjectNode node, LoopSnapshot loop) {
    node.put("name", loop.name());
    node.put("alive", loop.alive());
    node.put("behindMillis", loop.behind().toMillis());
    node.put("faults", loop.faults());
    node.put("lastFault", loop.lastFault());
  }

  private static void write(ObjectNode node, VrrpSnapshot instance) {
    node.put("name", instance.name());
    node.put("interface", instance.networkInterface().orElse(null));
    node.put("virtualRouterId", instance.virtualRouterId().value());
    node.put("version", instance.version() == VrrpVersion.V2 ? 2 : 3);
    node.put("state", Words.state(instance.state()));
    node.put("reason", instance.reason());
    node.put("since", instance.since().toString());
    node.put("priority", instance.priority().value());
    node.put("effectivePriority", instance.effectivePriority().value());
    write(node.putArray("virtualAddresses"), instance.virtualAddresses());
    write(node.putArray("heldAddresses"), instance.heldAddresses());
    node.put("master", instance.master().map(Endpoint::literal).orElse(null));
    node.put("syncGroup", instance.syncGroup().orElse(null));
    node.put("transitions", instance.transitions());
    var counters = instance.counters();
    node.put("advertsSent", counters.advertsSent());
    node.put("advertsReceived", counters.advertsReceived());
    node.put("becameMaster", counters.becameMaster());
    node.put("releasedMaster", counters.releasedMaster());
    node.put("priorityZeroSent", counters.priorityZeroSent());
    node.put("priorityZeroReceived", counters.priorityZeroReceived());
    var errors = node.putObject("advertErrors");
    counters.errors().forEach((error, count) -> errors.put(error.toString(), count));
  }

  private static void write(ArrayNode node, List<VirtualAddress> addresses) {
    addresses.forEach(address -> node.add(address.toString()));
  }

  private static void write(ObjectNode node, VirtualServerSnapshot server) {
    node.put("address", Words.address(server.id()));
    node.put("protocol", protocol(server.id()));
    node.put("forwarding", Words.forwarding(server.forwarding()));
    node.put("scheduler", server.scheduler().name());
    var flags = node.putArray("schedulerFlags");
    server.scheduler().flags().forEach(flags::add);
    node.put("plane", server.plane());
    node.put("serving", server.serving());
    node.put("quorum", server.quorumUp() ? "UP" : "DOWN");
    node.put("sorryServerActive", server.sorryServerActive());
    node.put("connections", server.traffic().connections());
    node.put("bytesReceived", server.traffic().inBytes());
    node.put("bytesSent", server.traffic().outBytes());
    server.sorryServer().ifPresent(sorry -> write(node.putObject("sorryServer"), sorry));
    var servers = node.putArray("realServers");
    server.realServers().forEach(each -> write(servers.addObject(), each));
  }

  private static String protocol(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address at -> at.protocol().name();
      case VirtualServerId.FirewallMark _ -> "FWM";
    };
  }

  private static void write(ObjectNode node, RealServerSnapshot server) {
    node.put("address", server.endpoint().toString());
    node.put("forwarding", Words.forwarding(server.forwarding()));
    node.put("weight", server.weight());
    node.put("effectiveWeight", server.effectiveWeight());
    node.put("up", server.up());
    node.put("health", server.health().name());
    node.put("since", server.since().truncatedTo(ChronoUnit.SECONDS).toString());
    node.put("ejected", server.ejected());
    node.put("draining", server.draining());
    node.put("detail", server.detail());
    node.put("active", server.active());
    node.put("inactive", server.inactive());
    node.put("connections", server.traffic().connections());
    node.put("connectFailures", server.connectFailures());
    node.put("bytesReceived", server.traffic().inBytes());
    node.put("bytesSent", server.traffic().outBytes());
  }
}
