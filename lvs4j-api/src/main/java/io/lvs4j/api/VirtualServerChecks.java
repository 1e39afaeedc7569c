package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Finds all that is wrong with the settings of a virtual server. */
final class VirtualServerChecks {
  private static final Duration LONGEST = Duration.ofDays(31);

  private final VirtualServer.Builder settings;
  private final List<Problem> problems = new ArrayList<>();

  private VirtualServerChecks(VirtualServer.Builder settings) {
    this.settings = settings;
  }

  /** Returns all problems, each under the virtual server's name. */
  static List<Problem> of(VirtualServer.Builder settings) {
    var checks = new VirtualServerChecks(settings);
    checks.target();
    checks.servers();
    settings.healthChecks.forEach(check -> checks.problems.addAll(check.problems()));
    checks.quorum();
    if (settings.persistence != null) {
      checks.problems.addAll(settings.persistence.problems());
    }
    if (settings.passiveHealth != null) {
      checks.problems.addAll(settings.passiveHealth.problems());
    }
    checks.timeouts();
    checks.protocol();
    checks.haSuspend();
    return within(settings, checks.problems);
  }

  /** Returns what is wrong with one real server among these settings. */
  static List<Problem> of(VirtualServer.Builder settings, RealServer server) {
    var checks = new VirtualServerChecks(settings);
    checks.problems.addAll(server.problems());
    if (checks.problems.isEmpty()) {
      checks.server("real server " + server.address(), server);
    }
    return within(settings, checks.problems);
  }

  private static List<Problem> within(VirtualServer.Builder settings, List<Problem> problems) {
    return problems.stream()
        .map(problem -> problem.within("virtual server " + settings.target))
        .toList();
  }

  private void target() {
    problems.addAll(settings.target.problems());
    if (settings.target instanceof VirtualServerTarget.At at
        && at.hasAnyPort()
        && settings.persistence == null) {
      problems.add(new Problem("port", "0", "1-65535; 0, all ports, only with persistence"));
    }
  }

  private void servers() {
    var seen = new HashSet<Endpoint>();
    for (var server : settings.realServers) {
      var own = server.problems();
      problems.addAll(own);
      if (own.isEmpty()) {
        var subject = "real server " + server.endpoint();
        if (!seen.add(server.endpoint())) {
          problems.add(new Problem(subject, "given twice", "each real server once"));
        }
        server(subject, server);
      }
    }
    var sorry = settings.sorryServer;
    if (sorry != null) {
      var own = sorry.problems();
      own.stream().map(problem -> problem.within("sorry server")).forEach(problems::add);
      if (own.isEmpty()) {
        forwarding("sorry server " + sorry.endpoint(), sorry);
      }
    }
  }

  private void server(String subject, RealServer server) {
    forwarding(subject, server);
    if (server.endpoint().port() == 0 && settings.target.hasAnyPort()) {
      var checks = server.healthChecks().isEmpty() ? settings.healthChecks : server.healthChecks();
      checks.stream()
          .filter(check -> check.port().isEmpty() && hasPort(check.probe()))
          .map(check ->
              new Problem(
                  subject + ": health check " + check.probe().name() + ": port",
                  "none",
                  "a port of its own, for the real server has none"))
          .forEach(problems::add);
    }
    var told = server.clientAddress();
    if (settings.target.isOnly(Protocol.UDP)
        && told.filter(VirtualServerChecks::isProxyProtocol).isPresent()) {
      problems.add(new Problem(subject + ": client address", told.get() + " on UDP", "TCP"));
    }
  }

  private static boolean hasPort(Probe probe) {
    return !(probe instanceof ProcessRun
        || probe instanceof FileValue
        || probe instanceof IcmpEcho);
  }

  private void forwarding(String subject, RealServer server) {
    if (server.endpoint().port() == 0 && !settings.target.hasAnyPort()) {
      problems.add(
          new Problem(
              subject + ": port",
              "0",
              "1-65535; 0, the client's, only below a firewall mark or all ports"));
    }
    var method = server.forwarding().orElse(settings.forwarding);
    if (server.tunnel().isPresent() && method != ForwardingMethod.TUNNEL) {
      problems.add(
          new Problem(
              subject + ": tunnel",
              server.tunnel().get() + " with forwarding " + method,
              "forwarding " + ForwardingMethod.TUNNEL));
    }
  }

  private void quorum() {
    Ranges.number(problems, "quorum", settings.quorum, 1, Integer.MAX_VALUE);
    if (settings.quorum < 1) {
      return;
    }
    Ranges.number(problems, "hysteresis", settings.hysteresis, 0, settings.quorum - 1L);
    long total =
        settings.realServers.stream().mapToLong(server -> Math.max(0, server.weight())).sum();
    if (settings.quorum > 1 && settings.quorum > total) {
      problems.add(
          new Problem(
              "quorum",
              Integer.toString(settings.quorum),
              "at most " + total + ", the sum of all weights"));
    }
  }

  private void timeouts() {
    var shortest = Duration.ofMillis(1);
    var hour = Duration.ofHours(1);
    Ranges.duration(problems, "slow start", settings.slowStart, Duration.ZERO, hour);
    Ranges.duration(problems, "idle timeout", settings.idleTimeout(), shortest, LONGEST);
    Ranges.duration(problems, "half-closed timeout", settings.halfClosedTimeout, shortest, LONGEST);
    Ranges.duration(problems, "connect timeout", settings.connectTimeout, shortest, hour);
    Ranges.number(problems, "connect retries", settings.connectRetries, 0, 100);
  }

  private void haSuspend() {
    if (settings.haSuspend
        && settings.target instanceof VirtualServerTarget.Marked
        && settings.vrrpInstances.isEmpty()) {
      problems.add(
          new Problem(
              "HA suspend",
              "with a firewall mark, which says nothing of an address",
              "whileMaster(..), the VRRP instance to go by"));
    }
  }

  private void protocol() {
    if (settings.target.isOnly(Protocol.TCP) && settings.onePacket) {
      problems.add(new Problem("one-packet scheduling", "on TCP", "UDP"));
    }
    if (settings.target.isOnly(Protocol.UDP)) {
      if (settings.acceptProxyProtocol) {
        problems.add(new Problem("accept PROXY protocol", "on UDP", "TCP"));
      }
      if (isProxyProtocol(settings.clientAddress)) {
        problems.add(new Problem("client address", settings.clientAddress + " on UDP", "TCP"));
      }
    }
  }

  private static boolean isProxyProtocol(ClientAddress address) {
    return address == ClientAddress.PROXY_PROTOCOL_V1 || address == ClientAddress.PROXY_PROTOCOL_V2;
  }
}
