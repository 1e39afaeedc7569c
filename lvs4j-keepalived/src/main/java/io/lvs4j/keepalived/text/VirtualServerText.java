package io.lvs4j.keepalived.text;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.script.NotifyFifo;
import io.lvs4j.keepalived.script.ServerNotification;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes virtual servers. */
final class VirtualServerText {
  private static final List<String> KERNEL_FLAGS =
      List.of("sh-port", "sh-fallback", "mh-port", "mh-fallback");

  private final TextLines lines;
  private final TrackedFiles files;

  VirtualServerText(TextLines lines, TrackedFiles files) {
    this.lines = lines;
    this.files = files;
  }

  void virtualServer(VirtualServer server) {
    String subject = "virtual_server " + server.id();
    if (isFullNat(server)) {
      lines.loss(subject, "forwarding FullNat", "NAT, DR or TUN; left out");
      lines.line("# " + subject + ": left out, its forwarding is FullNat").gap();
      return;
    }
    switch (server.id()) {
      case VirtualServerId.Address(Protocol protocol, Endpoint endpoint) ->
          lines
              .open("virtual_server " + target(endpoint))
              .line("protocol " + protocol.name().toUpperCase(Locale.ROOT));
      case VirtualServerId.FirewallMark(long mark, AddressFamily family) ->
          lines
              .open("virtual_server fwmark " + mark)
              .line("ip_family " + (family == AddressFamily.IPV4 ? "inet" : "inet6"));
    }
    scheduler(subject, server);
    lines.line("lvs_method " + method(server.forwarding(), Optional.empty()));
    lines.lineIf(server.isOnePacket(), "ops");
    server
        .persistence()
        .ifPresent(persistence -> persistence(subject, persistence, server.id().family()));
    lines.line("quorum " + server.quorum()).line("hysteresis " + server.hysteresis());
    lines.lineIf(server.isOmega(), "omega").lineIf(server.isHaSuspended(), "ha_suspend");
    notifications(server, Optional.empty());
    server.sorryServer().ifPresent(sorry -> sorryServer(sorry, server));
    server.realServers().forEach(real -> realServer(server, real));
    lines.close().gap();
    losses(subject, server);
  }

  private static boolean isFullNat(VirtualServer server) {
    return server.forwarding() == ForwardingMethod.FULL_NAT
        || server.realServers().stream()
            .anyMatch(real -> server.forwardingOf(real) == ForwardingMethod.FULL_NAT);
  }

  private static String target(Endpoint endpoint) {
    String address = Endpoint.literal(endpoint.address());
    return endpoint.port() == 0 ? address : address + " " + endpoint.port();
  }

  private void scheduler(String subject, VirtualServer server) {
    var scheduler = server.scheduler();
    if (scheduler.isEmpty()) {
      lines.line("lvs_sched wlc");
      return;
    }
    var name = SchedulerName.of(scheduler.get());
    if (!KernelScheduler.NAMES.contains(name.name())) {
      lines.loss(subject, "scheduler " + name.name(), "one of the kernel's; wlc is written");
      lines.line("lvs_sched wlc");
      return;
    }
    lines.line("lvs_sched " + name.name());
    for (String flag : name.flags()) {
      if (KERNEL_FLAGS.contains(flag)) {
        lines.line(flag);
      } else {
        lines.loss(subject, "scheduler flag " + flag, String.join(", ", KERNEL_FLAGS));
      }
    }
  }

  private static String method(ForwardingMethod forwarding, Optional<Tunnel> tunnel) {
    return switch (forwarding) {
      case NAT -> "NAT";
      case DIRECT_ROUTING -> "DR";
      case TUNNEL -> "TUN" + tunnel.map(kind -> " type " + kind).orElse("");
      case FULL_NAT ->
          throw new IllegalArgumentException("forwarding: FullNat (expected: another)");
    };
  }

  private void persistence(String subject, Persistence persistence, AddressFamily family) {
    lines.line(
        "persistence_timeout "
            + lines.wholeSeconds(subject + ": persistence", persistence.timeout()));
    int prefix = family == AddressFamily.IPV4 ? persistence.prefixV4() : persistence.prefixV6();
    if (prefix == 0 && family == AddressFamily.IPV6) {
      lines.loss(subject, "persistence granularity 0", "1-128; 1 is written");
      prefix = 1;
    }
    if (prefix != family.bits()) {
      lines.line(
          "persistence_granularity "
              + (family == AddressFamily.IPV4 ? mask(prefix) : Integer.toString(prefix)));
    }
    persistence.engine().ifPresent(engine -> lines.line("persistence_engine", engine));
  }

  private static String mask(int prefix) {
    int bits = prefix == 0 ? 0 : -1 << (32 - prefix);
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  private void sorryServer(RealServer sorry, VirtualServer server) {
    lines
        .line("sorry_server " + target(sorry.endpoint()))
        .lineIf(sorry.isInhibitedOnFailure(), "sorry_server_inhibit");
    if (sorry.forwarding().isPresent() || sorry.tunnel().isPresent()) {
      lines.line("sorry_server_lvs_method " + method(server.forwardingOf(sorry), sorry.tunnel()));
    }
  }

  private void realServer(VirtualServer server, RealServer real) {
    lines
        .open("real_server " + target(real.endpoint()))
        .line("weight " + real.weight())
        .lineIf(real.upperThreshold() > 0, "uthreshold " + real.upperThreshold())
        .lineIf(real.lowerThreshold() > 0, "lthreshold " + real.lowerThreshold())
        .lineIf(real.isInhibitedOnFailure(), "inhibit_on_failure");
    if (real.forwarding().isPresent() || real.tunnel().isPresent()) {
      lines.line("lvs_method " + method(server.forwardingOf(real), real.tunnel()));
    }
    notifications(server, Optional.of(real.endpoint()));
    var subject = "real server " + target(real.endpoint());
    server.healthChecksOf(real).forEach(check -> CheckText.write(lines, subject, check, files));
    lines.close();
  }

  private void notifications(VirtualServer server, Optional<Endpoint> real) {
    for (var listener : server.listeners()) {
      if (listener instanceof ServerNotification notification
          && notification.realServer().equals(real)) {
        lines.line(
            notification.trigger().keyword()
                + " "
                + CommandText.withUser(
                    lines, "virtual_server " + server.id(), notification.command().program()));
      }
    }
  }

  private void losses(String subject, VirtualServer server) {
    boolean udp =
        server.id() instanceof VirtualServerId.Address(Protocol p, _) && p == Protocol.UDP;
    lose(subject, !server.slowStart().isZero(), "slow start");
    lose(
        subject,
        !server.idleTimeout().equals(Duration.ofMinutes(udp ? 5 : 15)),
        "an idle timeout of its own");
    lose(
        subject,
        !server.halfClosedTimeout().equals(Duration.ofMinutes(2)),
        "a half-closed timeout of its own");
    lose(subject, !server.connectTimeout().equals(Duration.ofSeconds(5)), "a connect timeout");
    lose(subject, server.connectRetries() != 3, "connect retries");
    lose(
        subject,
        server.clientAddress() != ClientAddress.HIDDEN
            || server.realServers().stream().anyMatch(real -> real.clientAddress().isPresent()),
        "a client address that real servers are told");
    lose(subject, server.isProxyProtocolAccepted(), "the PROXY protocol");
    lose(subject, !server.vrrpInstances().isEmpty(), "served while an instance is master");
    lose(
        subject,
        server.listeners().stream()
            .anyMatch(each -> !(each instanceof ServerNotification || each instanceof NotifyFifo)),
        "a listener");
  }

  private void lose(String subject, boolean lost, String what) {
    if (lost) {
      lines.loss(subject, what, "nothing of the kind");
    }
  }
}
