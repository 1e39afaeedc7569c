package io.lvs4j.spring.boot;

import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.VirtualServerSnapshot;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.core.Director;
import io.lvs4j.core.RealServerControl;
import io.lvs4j.core.status.IpvsadmTable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.convert.DurationStyle;

/**
 * The actuator endpoint {@code lvs4j}: reads tell what {@code /status} and {@code /ipvs} of {@code
 * lvs4j run} do; writes are off until {@code management.endpoint.lvs4j.access} is {@code
 * unrestricted}.
 */
@Endpoint(id = "lvs4j", defaultAccess = Access.READ_ONLY)
final class DirectorEndpoint {
  private final Director director;
  private final LvsConfiguration configuration;
  private final StepDowns stepDowns;

  DirectorEndpoint(Director director, LvsConfiguration configuration, StepDowns stepDowns) {
    this.director = director;
    this.configuration = configuration;
    this.stepDowns = stepDowns;
  }

  /** Returns all virtual servers and VRRP instances. */
  @ReadOperation
  Map<String, Object> status() {
    var status = new LinkedHashMap<String, Object>();
    status.put("vrrp", director.vrrp().stream().map(this::instance).toList());
    status.put(
        "virtualServers", snapshot().virtualServers().stream().map(this::virtualServer).toList());
    return status;
  }

  /**
   * Returns a table as ipvsadm prints it.
   *
   * @param table {@code ipvs}, or one of its variants {@code stats}, {@code rate}, {@code
   *     thresholds} and {@code connections}
   */
  @ReadOperation(produces = "text/plain;charset=UTF-8")
  @Nullable String table(@Selector String table) {
    return switch (table) {
      case "ipvs" -> IpvsadmTable.connectionCounts(snapshot());
      case "stats" -> IpvsadmTable.statistics(snapshot());
      case "rate" -> IpvsadmTable.rates(snapshot());
      case "thresholds" -> IpvsadmTable.thresholds(snapshot());
      case "connections" ->
          IpvsadmTable.connections(director.isRunning() ? director.connections() : List.of());
      default -> null;
    };
  }

  private DirectorSnapshot snapshot() {
    return director.isRunning() ? director.snapshot() : new DirectorSnapshot(List.of());
  }

  /**
   * Changes something.
   *
   * @param operation {@code weight}, {@code drain} or {@code resume}, of a real server; {@code
   *     step-down} or {@code take-back}, of a VRRP instance
   * @param virtualServer a virtual server by its name, or by its address as the status tells it
   * @param realServer the address of a real server
   * @param weight the weight that it shall have
   * @param deadline how long its connections may take to drain; 30 s if not given
   * @param instance the name of a VRRP instance
   */
  @WriteOperation
  Map<String, Object> change(
      @Selector String operation,
      @Nullable String virtualServer,
      @Nullable String realServer,
      @Nullable Integer weight,
      @Nullable String deadline,
      @Nullable String instance) {
    try {
      switch (operation) {
        case "weight" -> {
          if (weight == null) {
            throw invalid("weight: none (expected: 0 or more)");
          }
          server(virtualServer, realServer).weight(weight);
        }
        case "drain" -> {
          var time =
              deadline == null ? Duration.ofSeconds(30) : DurationStyle.detectAndParse(deadline);
          var _ = server(virtualServer, realServer).drain(time);
        }
        case "resume" -> server(virtualServer, realServer).resume();
        case "step-down" -> stepDowns.stepDown(known(instance));
        case "take-back" -> stepDowns.takeBack(known(instance));
        default ->
            throw invalid(operation + " (expected: weight, drain, resume, step-down or take-back)");
      }
    } catch (NoSuchElementException
        | InvalidConfigurationException
        | IllegalArgumentException refused) {
      throw invalid(String.valueOf(refused.getMessage()));
    }
    return status();
  }

  private static InvalidEndpointRequestException invalid(String message) {
    return new InvalidEndpointRequestException(message, message);
  }

  private String known(@Nullable String instance) {
    if (instance == null) {
      throw invalid("instance: none (expected: the name of a VRRP instance)");
    }
    return director.vrrp(instance).name();
  }

  private RealServerControl server(@Nullable String virtualServer, @Nullable String realServer) {
    if (virtualServer == null || realServer == null) {
      throw invalid(
          "virtualServer and realServer: "
              + virtualServer
              + ", "
              + realServer
              + " (expected: both)");
    }
    var named = configuration.virtualServers().get(virtualServer);
    for (var each : director.snapshot().virtualServers()) {
      if (named == null
          ? each.id().toString().equals(virtualServer) || address(each.id()).equals(virtualServer)
          : each.id().equals(named.id())) {
        return each.realServers().stream()
            .filter(server -> server.endpoint().toString().equals(realServer))
            .findFirst()
            .map(server -> director.realServer(each.id(), server.endpoint()))
            .orElseThrow(() ->
                new NoSuchElementException(
                    "real server " + realServer + " of " + virtualServer + ": not here"));
      }
    }
    throw new NoSuchElementException("virtual server " + virtualServer + ": not here");
  }

  private Map<String, Object> instance(VrrpSnapshot instance) {
    var map = new LinkedHashMap<String, Object>();
    map.put("name", instance.name());
    instance.networkInterface().ifPresent(name -> map.put("interface", name));
    map.put("virtualRouterId", instance.virtualRouterId().value());
    map.put("version", instance.version().number());
    map.put("state", state(instance.state()));
    map.put("reason", instance.reason());
    map.put("since", instance.since().toString());
    map.put("steppedDown", stepDowns.isSteppedDown(instance.name()));
    map.put("priority", instance.priority().value());
    map.put("effectivePriority", instance.effectivePriority().value());
    map.put("virtualAddresses", texts(instance.virtualAddresses()));
    map.put("heldAddresses", texts(instance.heldAddresses()));
    instance.master().ifPresent(master -> map.put("master", io.lvs4j.api.Endpoint.literal(master)));
    instance.syncGroup().ifPresent(group -> map.put("syncGroup", group));
    map.put("transitions", instance.transitions());
    map.put("advertsSent", instance.counters().advertsSent());
    map.put("advertsReceived", instance.counters().advertsReceived());
    return map;
  }

  private static List<String> texts(List<VirtualAddress> addresses) {
    return addresses.stream().map(VirtualAddress::toString).toList();
  }

  /** An instance that has ended is one that is not started. */
  static String state(VrrpState state) {
    return state == VrrpState.STOPPED ? VrrpState.INIT.name() : state.name();
  }

  private Map<String, Object> virtualServer(VirtualServerSnapshot server) {
    var map = new LinkedHashMap<String, Object>();
    configuration
        .virtualServers()
        .forEach((name, each) -> {
          if (each.id().equals(server.id())) {
            map.put("name", name);
          }
        });
    map.put("address", address(server.id()));
    map.put("protocol", protocol(server.id()));
    map.put("forwarding", forwarding(server.forwarding()));
    map.put("scheduler", server.scheduler().name());
    map.put("schedulerFlags", server.scheduler().flags());
    map.put("plane", server.plane());
    map.put("serving", server.serving());
    map.put("quorum", server.quorumUp() ? "UP" : "DOWN");
    map.put("sorryServerActive", server.sorryServerActive());
    map.put("connections", server.traffic().connections());
    map.put("bytesReceived", server.traffic().inBytes());
    map.put("bytesSent", server.traffic().outBytes());
    server.sorryServer().ifPresent(sorry -> map.put("sorryServer", realServer(sorry)));
    map.put(
        "realServers", server.realServers().stream().map(DirectorEndpoint::realServer).toList());
    return map;
  }

  private static String address(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address at -> at.endpoint().toString();
      case VirtualServerId.FirewallMark mark -> mark.toString();
    };
  }

  private static String protocol(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address at -> at.protocol().name();
      case VirtualServerId.FirewallMark _ -> "FWM";
    };
  }

  private static String forwarding(ForwardingMethod forwarding) {
    return switch (forwarding) {
      case NAT -> "NAT";
      case DIRECT_ROUTING -> "DR";
      case TUNNEL -> "TUN";
      case FULL_NAT -> "FULLNAT";
    };
  }

  private static Map<String, Object> realServer(RealServerSnapshot server) {
    var map = new LinkedHashMap<String, Object>();
    map.put("address", server.endpoint().toString());
    map.put("forwarding", forwarding(server.forwarding()));
    map.put("weight", server.weight());
    map.put("effectiveWeight", server.effectiveWeight());
    map.put("up", server.up());
    map.put("health", server.health().name());
    map.put("since", server.since().toString());
    map.put("ejected", server.ejected());
    map.put("draining", server.draining());
    map.put("detail", server.detail());
    map.put("active", server.active());
    map.put("inactive", server.inactive());
    map.put("connections", server.traffic().connections());
    map.put("connectFailures", server.connectFailures());
    map.put("bytesReceived", server.traffic().inBytes());
    map.put("bytesSent", server.traffic().outBytes());
    return map;
  }
}
