package io.lvs4j.keepalived.ipvsadm;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.text.PrintedConfiguration;
import java.util.ArrayList;
import java.util.List;

/** Writes rules. */
final class RuleText {
  private final StringBuilder text = new StringBuilder();
  private final List<Problem> losses = new ArrayList<>();

  private RuleText() {}

  static PrintedConfiguration of(List<VirtualServer> virtualServers) {
    var rules = new RuleText();
    virtualServers.forEach(rules::service);
    return new PrintedConfiguration(rules.text.toString(), rules.losses);
  }

  private void service(VirtualServer server) {
    String subject = "virtual server " + server.id();
    String service = service(server.id());
    var scheduler =
        server
            .scheduler()
            .map(SchedulerName::of)
            .orElseGet(() -> new SchedulerName("wlc", List.of()));
    boolean known = KernelScheduler.NAMES.contains(scheduler.name());
    if (!known) {
      losses.add(
          new Problem(
              subject, "scheduler " + scheduler.name(), "one of the kernel's; wlc is written"));
    }
    text.append("-A ").append(service).append(" -s ").append(known ? scheduler.name() : "wlc");
    if (known && !scheduler.flags().isEmpty()) {
      text.append(" -b ").append(String.join(",", scheduler.flags()));
    }
    server
        .persistence()
        .ifPresent(persistence -> persistence(subject, persistence, server.id().family()));
    text.append(server.isOnePacket() ? " -o\n" : "\n");
    for (var real : server.realServers()) {
      real(subject, service, server, real);
    }
  }

  private static String service(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address(Protocol protocol, Endpoint endpoint) ->
          (protocol == Protocol.TCP ? "-t " : "-u ") + endpoint;
      case VirtualServerId.FirewallMark(long mark, AddressFamily family) ->
          "-f " + mark + (family == AddressFamily.IPV6 ? " -6" : "");
    };
  }

  private void persistence(String subject, Persistence persistence, AddressFamily family) {
    long seconds = persistence.timeout().toSeconds();
    if (persistence.timeout().toNanosPart() != 0) {
      losses.add(
          new Problem(
              subject, persistence.toString(), "whole seconds; " + seconds + " is written"));
    }
    text.append(" -p ").append(seconds);
    int prefix = family == AddressFamily.IPV4 ? persistence.prefixV4() : persistence.prefixV6();
    if (prefix != family.bits()) {
      int bits = prefix == 0 ? 0 : -1 << (32 - prefix);
      text.append(" -M ");
      if (family == AddressFamily.IPV6) {
        if (prefix == 0) {
          losses.add(new Problem(subject, "persistence granularity 0", "1-128; 1 is written"));
        }
        text.append(Math.max(1, prefix));
      } else {
        text.append(bits >>> 24)
            .append('.')
            .append(bits >>> 16 & 255)
            .append('.')
            .append(bits >>> 8 & 255)
            .append('.')
            .append(bits & 255);
      }
    }
    persistence.engine().ifPresent(engine -> text.append(" --pe ").append(engine));
  }

  private void real(String subject, String service, VirtualServer server, RealServer real) {
    var method = server.forwardingOf(real);
    if (method == ForwardingMethod.FULL_NAT) {
      losses.add(
          new Problem(
              subject + ": real server " + real.endpoint(),
              "forwarding FullNat",
              "NAT, direct routing or a tunnel; left out"));
      return;
    }
    text.append("-a ").append(service).append(" -r ").append(real.endpoint());
    switch (method) {
      case NAT, FULL_NAT -> text.append(" -m");
      case DIRECT_ROUTING -> text.append(" -g");
      case TUNNEL -> text.append(" -i");
    }
    text.append(" -w ").append(real.weight());
    if (real.upperThreshold() > 0) {
      text.append(" -x ").append(real.upperThreshold());
    }
    if (real.lowerThreshold() > 0) {
      text.append(" -y ").append(real.lowerThreshold());
    }
    real.tunnel().filter(_ -> method == ForwardingMethod.TUNNEL).ifPresent(this::tunnel);
    text.append('\n');
  }

  private void tunnel(Tunnel tunnel) {
    switch (tunnel) {
      case Tunnel.Ipip _ -> {
        // The default needs no words.
      }
      case Tunnel.Gue(int port, Tunnel.Checksum checksum) ->
          text.append(" --tun-type gue --tun-port ")
              .append(port)
              .append(" --tun-")
              .append(checksum.keyword());
      case Tunnel.Gre(Tunnel.Checksum checksum) ->
          text.append(" --tun-type gre --tun-").append(checksum.keyword());
    }
  }
}
