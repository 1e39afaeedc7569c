package io.lvs4j.core.engine;

import io.lvs4j.api.RealServer;
import io.lvs4j.api.SchedulerName;
import io.lvs4j.api.VirtualServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Says in words how settings differ: what was, and what is. */
final class Changes {
  /** Longer values are left out: that they have changed has to do. */
  private static final int LONGEST = 60;

  private static final Map<String, Function<VirtualServer, Object>> OF_VIRTUAL_SERVERS =
      new LinkedHashMap<>();

  private static final Map<String, Function<RealServer, Object>> OF_REAL_SERVERS =
      new LinkedHashMap<>();

  static {
    var virtual = OF_VIRTUAL_SERVERS;
    virtual.put("scheduler", each -> each.scheduler().map(Changes::name));
    virtual.put("forwarding", VirtualServer::forwarding);
    virtual.put("persistence", VirtualServer::persistence);
    virtual.put("health checks", VirtualServer::healthChecks);
    virtual.put("sorry server", VirtualServer::sorryServer);
    virtual.put("quorum", VirtualServer::quorum);
    virtual.put("hysteresis", VirtualServer::hysteresis);
    virtual.put("slow start", VirtualServer::slowStart);
    virtual.put("one packet", VirtualServer::isOnePacket);
    virtual.put("idle timeout", VirtualServer::idleTimeout);
    virtual.put("half-closed timeout", VirtualServer::halfClosedTimeout);
    virtual.put("connect timeout", VirtualServer::connectTimeout);
    virtual.put("connect retries", VirtualServer::connectRetries);
    virtual.put("client address", VirtualServer::clientAddress);
    virtual.put("PROXY protocol accepted", VirtualServer::isProxyProtocolAccepted);
    virtual.put("VRRP instances", VirtualServer::vrrpInstances);
    virtual.put("alpha", VirtualServer::isAlpha);
    virtual.put("omega", VirtualServer::isOmega);
    virtual.put("ha_suspend", VirtualServer::isHaSuspended);
    virtual.put("notification at the start", VirtualServer::isNotifyingAtStart);
    virtual.put("passive health", VirtualServer::passiveHealth);
    virtual.put("listeners", VirtualServer::listeners);
    var real = OF_REAL_SERVERS;
    real.put("weight", RealServer::weight);
    real.put("upper threshold", RealServer::upperThreshold);
    real.put("lower threshold", RealServer::lowerThreshold);
    real.put("inhibit on failure", RealServer::isInhibitedOnFailure);
    real.put("health checks", RealServer::healthChecks);
    real.put("client address", RealServer::clientAddress);
    real.put("forwarding", RealServer::forwarding);
    real.put("tunnel", RealServer::tunnel);
  }

  private Changes() {}

  /** Compares all settings but the real servers. */
  static List<String> between(VirtualServer before, VirtualServer after) {
    return between(OF_VIRTUAL_SERVERS, before, after);
  }

  /** Compares all settings. */
  static List<String> between(RealServer before, RealServer after) {
    return between(OF_REAL_SERVERS, before, after);
  }

  private static <T> List<String> between(
      Map<String, Function<T, Object>> settings, T before, T after) {
    return settings.entrySet().stream()
        .filter(
            each -> !Objects.equals(each.getValue().apply(before), each.getValue().apply(after)))
        .map(each -> {
          var was = text(each.getValue().apply(before));
          var is = text(each.getValue().apply(after));
          return was.equals(is) || was.length() + is.length() > LONGEST
              ? each.getKey() + " changed"
              : each.getKey() + " " + was + " -> " + is;
        })
        .toList();
  }

  private static String name(io.lvs4j.api.Scheduler scheduler) {
    var name = SchedulerName.of(scheduler);
    return name.flags().isEmpty() ? name.name() : name.name() + " " + name.flags();
  }

  private static String text(Object value) {
    return value instanceof Optional<?> optional
        ? optional.map(Object::toString).orElse("none")
        : value.toString();
  }
}
