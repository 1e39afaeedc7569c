package io.lvs4j.core.status;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.VirtualServerSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Prints a director as {@code ipvsadm -Ln} and its variants print the kernel's table, column for
 * column (ipvsadm 1.31). A sorry server is listed while it has the connections.
 */
public final class IpvsadmTable {
  private static final String HEAD = "IP Virtual Server version 1.2.1 (size=4096)\n";

  private IpvsadmTable() {}

  /** Prints what {@code ipvsadm -Ln} does: forwarding, weights and connection counts. */
  public static String connectionCounts(DirectorSnapshot director) {
    return table(
        director,
        """
        Prot LocalAddress:Port Scheduler Flags
          -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
        """,
        service -> name(service.id()) + " " + schedulerAndFlags(service),
        (service, server) ->
            String.format(
                Locale.ROOT,
                "  -> %-28s %-7s %-6d %-10d %-10d",
                server.endpoint(),
                server.forwarding().ipvsadmName(),
                server.effectiveWeight(),
                server.active(),
                server.inactive()));
  }

  /** Prints what {@code ipvsadm -Ln --stats} does: totals. */
  public static String statistics(DirectorSnapshot director) {
    return table(
        director,
        sixColumns("Prot LocalAddress:Port", "Conns", "InPkts", "OutPkts", "InBytes", "OutBytes")
            + "\n  -> RemoteAddress:Port\n",
        service ->
            sixColumns(
                name(service.id()),
                large(service.traffic().connections()),
                large(service.traffic().inPackets()),
                large(service.traffic().outPackets()),
                large(service.traffic().inBytes()),
                large(service.traffic().outBytes())),
        (service, server) ->
            sixColumns(
                indented(server),
                large(server.traffic().connections()),
                large(server.traffic().inPackets()),
                large(server.traffic().outPackets()),
                large(server.traffic().inBytes()),
                large(server.traffic().outBytes())));
  }

  /** Prints what {@code ipvsadm -Ln --rate} does: totals each second. */
  public static String rates(DirectorSnapshot director) {
    return table(
        director,
        sixColumns("Prot LocalAddress:Port", "CPS", "InPPS", "OutPPS", "InBPS", "OutBPS")
            + "\n  -> RemoteAddress:Port\n",
        service ->
            sixColumns(
                name(service.id()),
                large(Math.round(service.rates().connections())),
                large(Math.round(service.rates().inPackets())),
                large(Math.round(service.rates().outPackets())),
                large(Math.round(service.rates().inBytes())),
                large(Math.round(service.rates().outBytes()))),
        (service, server) ->
            sixColumns(
                indented(server),
                large(Math.round(server.rates().connections())),
                large(Math.round(server.rates().inPackets())),
                large(Math.round(server.rates().outPackets())),
                large(Math.round(server.rates().inBytes())),
                large(Math.round(server.rates().outBytes()))));
  }

  /** Prints what {@code ipvsadm -Ln --thresholds} does. */
  public static String thresholds(DirectorSnapshot director) {
    return table(
        director,
        fiveColumns("Prot LocalAddress:Port", "Uthreshold", "Lthreshold", "ActiveConn", "InActConn")
            + "\n  -> RemoteAddress:Port\n",
        service -> String.format(Locale.ROOT, "%-33s", name(service.id())),
        (service, server) ->
            fiveColumns(
                indented(server),
                Integer.toString(server.upperThreshold()),
                Integer.toString(server.lowerThreshold()),
                Integer.toString(server.active()),
                Integer.toString(server.inactive())));
  }

  /** Prints what {@code ipvsadm -Lnc} does: one line a connection. */
  public static String connections(List<ConnectionSnapshot> connections) {
    var text = new StringBuilder("IPVS connection entries\n");
    text.append("pro expire state       source             virtual            destination\n");
    for (var connection : connections) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-3s %-6s %-11s %-18s %-18s %s%n",
              connection.protocol(),
              minutesAndSeconds(connection.expiresIn()),
              connection.state(),
              connection.client(),
              connection.virtual(),
              connection.realServer()));
    }
    return text.toString();
  }

  private interface ServerLine {
    String of(VirtualServerSnapshot service, RealServerSnapshot server);
  }

  private static String table(
      DirectorSnapshot director,
      String columns,
      Function<VirtualServerSnapshot, String> serviceLine,
      ServerLine serverLine) {
    var text = new StringBuilder(HEAD).append(columns);
    for (var service : director.virtualServers()) {
      text.append(serviceLine.apply(service)).append('\n');
      for (var server : listed(service)) {
        text.append(serverLine.of(service, server)).append('\n');
      }
    }
    return text.toString();
  }

  /** Returns what stands in the pool, as a kernel would have it: no server that is down. */
  private static List<RealServerSnapshot> listed(VirtualServerSnapshot service) {
    var listed = new ArrayList<RealServerSnapshot>();
    if (!service.sorryServerActive()) {
      service.realServers().stream()
          .filter(server -> server.up() || server.draining() || server.active() > 0)
          .forEach(listed::add);
    }
    if (service.sorryServerActive()) {
      service.sorryServer().ifPresent(listed::add);
    }
    return listed;
  }

  private static String schedulerAndFlags(VirtualServerSnapshot service) {
    var text = new StringBuilder(service.scheduler().name());
    if (!service.scheduler().flags().isEmpty()) {
      text.append(" (").append(String.join(",", service.scheduler().flags())).append(')');
    }
    service.persistence().ifPresent(persistence -> append(text, persistence, service.id()));
    if (service.onePacket()) {
      text.append(" ops");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Persistence persistence, VirtualServerId id) {
    text.append(" persistent ").append(persistence.timeout().toSeconds());
    if (id.family() == AddressFamily.IPV6) {
      if (persistence.prefixV6() < 128) {
        text.append(" mask ").append(persistence.prefixV6());
      }
    } else if (persistence.prefixV4() < 32) {
      text.append(" mask ").append(dottedMask(persistence.prefixV4()));
    }
    persistence.engine().ifPresent(engine -> text.append(" pe ").append(engine));
  }

  private static String dottedMask(int prefix) {
    int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
    return String.format(
        Locale.ROOT,
        "%d.%d.%d.%d",
        mask >>> 24,
        mask >>> 16 & 0xff,
        mask >>> 8 & 0xff,
        mask & 0xff);
  }

  private static String name(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address(Protocol protocol, Endpoint at) ->
          String.format(Locale.ROOT, "%-4s %s", protocol, at);
      case VirtualServerId.FirewallMark(long mark, AddressFamily family) ->
          "FWM  " + mark + (family == AddressFamily.IPV6 ? " IPv6" : "");
    };
  }

  private static String indented(RealServerSnapshot server) {
    Endpoint endpoint = server.endpoint();
    return String.format(Locale.ROOT, "  -> %-28s", endpoint);
  }

  private static String sixColumns(
      String first, String second, String third, String fourth, String fifth, String sixth) {
    return String.format(
        Locale.ROOT, "%-33s %8s %8s %8s %8s %8s", first, second, third, fourth, fifth, sixth);
  }

  private static String fiveColumns(
      String first, String second, String third, String fourth, String fifth) {
    return String.format(
        Locale.ROOT, "%-33s %-10s %-10s %-10s %-10s", first, second, third, fourth, fifth);
  }

  /** Prints a figure in at most eight digits and a unit, as ipvsadm does without --exact. */
  private static String large(long figure) {
    long scaled = figure;
    for (String unit : List.of("", "K", "M", "G")) {
      if (scaled < 100_000_000L) {
        return scaled + unit;
      }
      scaled /= 1000;
    }
    return scaled + "T";
  }

  private static String minutesAndSeconds(Duration duration) {
    return String.format(
        Locale.ROOT, "%02d:%02d", duration.toMinutes(), Math.max(0, duration.toSecondsPart()));
  }
}
