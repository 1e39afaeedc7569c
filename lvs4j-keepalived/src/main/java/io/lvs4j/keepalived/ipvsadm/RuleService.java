package io.lvs4j.keepalived.ipvsadm;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.diagnostic.Suggestions;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.model.SchedulerSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A service of the table, and its servers. */
final class RuleService {
  private static final int LONGEST_PERSISTENCE = 2_678_400;

  private final Position position;
  private final VirtualServerId id;
  private final Map<Endpoint, RuleServer> servers = new LinkedHashMap<>();
  private String scheduler = "wlc";
  private Set<String> flags = Set.of();
  private Optional<Persistence> persistence = Optional.empty();
  private boolean onePacket;

  RuleService(Position position, VirtualServerId id) {
    this.position = position;
    this.id = id;
  }

  Position position() {
    return position;
  }

  /** Returns the port of servers that name none. */
  int port() {
    return id instanceof VirtualServerId.Address(_, Endpoint endpoint) ? endpoint.port() : 0;
  }

  boolean has(Endpoint endpoint) {
    return servers.containsKey(endpoint);
  }

  void remove(Endpoint endpoint) {
    servers.remove(endpoint);
  }

  void put(RuleServer server) {
    servers.put(server.server().endpoint(), server);
  }

  /** Takes the settings of a command; what it doesn't say is as if it were new. */
  void change(Options options, Diagnostics diagnostics, Position at) {
    scheduler = options.value("--scheduler").orElse("wlc");
    if (!KernelScheduler.NAMES.contains(scheduler)) {
      diagnostics.error(
          at,
          "ipvsadm: -s: " + scheduler + " (expected: one of the kernel's schedulers); wlc is taken",
          Suggestions.nearest(scheduler, KernelScheduler.NAMES));
      scheduler = "wlc";
    }
    flags =
        new TreeSet<>(
            Arrays.asList(
                options
                    .value("--sched-flags")
                    .map(text -> text.split(",", -1))
                    .orElse(new String[0])));
    onePacket = options.has("--ops");
    if (onePacket && isTcp()) {
      diagnostics.warning(at, "ipvsadm: -o: on TCP (expected: UDP or a mark); left out");
      onePacket = false;
    }
    persistence = persistence(options, new NumberReader(options, diagnostics, at));
  }

  private boolean isTcp() {
    return id instanceof VirtualServerId.Address(Protocol protocol, _) && protocol == Protocol.TCP;
  }

  private Optional<Persistence> persistence(Options options, NumberReader reader) {
    if (!options.has("--persistent") && !options.has("--netmask") && !options.has("--pe")) {
      return Optional.empty();
    }
    var kept =
        Persistence.byClientAddress(
            Duration.ofSeconds(reader.number("--persistent", 360, 1, LONGEST_PERSISTENCE)));
    boolean v4 = id.family() == AddressFamily.IPV4;
    var mask = options.value("--netmask");
    if (mask.isPresent()) {
      int prefix = v4 ? prefixLength(mask.get()) : reader.number("--netmask", 128, 1, 128);
      if (prefix < 0) {
        reader.wrong("--netmask", mask.get(), "a netmask such as 255.255.255.0");
      } else {
        kept = v4 ? kept.granularity(prefix, 128) : kept.granularity(32, prefix);
      }
    }
    var engine = options.value("--pe");
    return Optional.of(engine.isPresent() ? kept.engine(engine.get()) : kept);
  }

  /** Returns the length of the prefix that a mask leaves, or -1 when it is none. */
  private static int prefixLength(String mask) {
    var address = RuleTable.endpoint(mask, 0).map(Endpoint::address);
    if (address.isEmpty() || address.get().getAddress().length != 4) {
      return -1;
    }
    int bits = 0;
    for (byte part : address.get().getAddress()) {
      bits = bits << 8 | (part & 0xff);
    }
    int prefix = Integer.bitCount(bits);
    // Java shifts by 32 as by 0.
    return prefix == 0 || bits == -1 << (32 - prefix) ? prefix : -1;
  }

  VirtualServer virtualServer(SchedulerSource schedulers) {
    var builder =
        switch (id) {
          case VirtualServerId.FirewallMark(long mark, AddressFamily family) ->
              VirtualServer.firewallMark(mark, family);
          case VirtualServerId.Address(Protocol protocol, Endpoint endpoint) -> {
            String host = Endpoint.literal(endpoint.address());
            yield protocol == Protocol.TCP
                ? VirtualServer.tcp(host, endpoint.port())
                : VirtualServer.udp(host, endpoint.port());
          }
        };
    builder.scheduler(schedulers.scheduler(scheduler, flags));
    persistence.ifPresent(builder::persistence);
    if (onePacket) {
      builder.onePacket();
    }
    var common =
        servers.values().stream()
            .map(RuleServer::method)
            .findFirst()
            .orElse(ForwardingMethod.DIRECT_ROUTING);
    builder.forwarding(common);
    servers
        .values()
        .forEach(each ->
            builder.realServer(
                each.method() == common ? each.server() : each.server().forwarding(each.method())));
    return builder.build();
  }
}
