package io.lvs4j.lab.ipvs;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Tunnel;
import io.lvs4j.ipvs.client.Granularity;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.ServiceKey.AddressKey;
import io.lvs4j.ipvs.client.ServiceKey.FirewallMarkKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What ipvsadm must say of a table: worked out from the configuration, for tests. */
final class IpvsadmText {
  private final GeneratedTable table;

  IpvsadmText(GeneratedTable table) {
    this.table = table;
  }

  /** Returns the lines of {@code -S -n}. */
  Map<String, List<String>> saved() {
    return grouped(IpvsadmText::saved, IpvsadmText::saved);
  }

  /** Returns the lines of {@code -Ln}. */
  Map<String, List<String>> listed() {
    return grouped(
        IpvsadmText::listed,
        (service, destination) ->
            "-> %s %s %d 0 0"
                .formatted(destination.key(), method(destination), destination.weight()));
  }

  /** Returns the lines of {@code -Ln --thresholds}. */
  Map<String, List<String>> thresholds() {
    return grouped(
        IpvsadmText::listed,
        (service, destination) ->
            "-> %s %d %d 0 0"
                .formatted(
                    destination.key(), destination.upperThreshold(), destination.lowerThreshold()));
  }

  /** Returns lines to restore, with the thresholds that {@code -S} leaves out. */
  List<String> toRestore() {
    return table.services().values().stream()
        .<String>mapMulti((entry, lines) -> {
          lines.accept(saved(entry.service()));
          for (var destination : entry.destinations()) {
            lines.accept(
                saved(entry.service(), destination)
                    + " -x %d -y %d"
                        .formatted(destination.upperThreshold(), destination.lowerThreshold()));
          }
        })
        .toList();
  }

  private Map<String, List<String>> grouped(
      Function<IpvsService, String> head, BiFunction<IpvsService, IpvsDestination, String> row) {
    var groups = new TreeMap<String, List<String>>();
    for (var entry : table.services().values()) {
      groups.put(
          head.apply(entry.service()),
          entry.destinations().stream()
              .map(destination -> row.apply(entry.service(), destination))
              .sorted()
              .toList());
    }
    return groups;
  }

  private static String saved(IpvsService service) {
    var line = new StringBuilder("-A ").append(key(service.key())).append(" -s ");
    line.append(service.scheduler().name());
    service
        .persistence()
        .ifPresent(persistence -> {
          line.append(" -p ").append(persistence.timeout().toSeconds());
          if (!isSingle(persistence.granularity())) {
            line.append(" -M ").append(persistence.granularity());
          }
        });
    service.persistenceEngine().ifPresent(engine -> line.append(" --pe ").append(engine));
    if (service.onePacket()) {
      line.append(" -o");
    }
    if (!service.scheduler().flags().isEmpty()) {
      line.append(" -b ").append(String.join(",", service.scheduler().flagWords()));
    }
    return line.toString();
  }

  private static String saved(IpvsService service, IpvsDestination destination) {
    String line = "-a " + key(service.key()) + " -r " + destination.key();
    return line
        + switch (destination.forwarding()) {
          case IpvsForwarding.Masquerade _ -> " -m -w " + destination.weight();
          case IpvsForwarding.DirectRouting _ -> " -g -w " + destination.weight();
          case IpvsForwarding.Tunnelling(var tunnel) ->
              " -i -w " + destination.weight() + " --tun-type " + options(tunnel);
          case IpvsForwarding.LocalNode _, IpvsForwarding.Bypass _ ->
              throw new AssertionError("ipvsadm has no option for " + destination);
        };
  }

  private static String options(Tunnel tunnel) {
    return switch (tunnel) {
      case Tunnel.Ipip _ -> "ipip";
      case Tunnel.Gue gue -> "gue --tun-port " + gue.port() + " --tun-" + gue.checksum().keyword();
      case Tunnel.Gre gre -> "gre --tun-" + gre.checksum().keyword();
    };
  }

  private static String key(ServiceKey key) {
    return switch (key) {
      case AddressKey address ->
          switch (address.protocol()) {
                case ServiceKey.TCP -> "-t";
                case ServiceKey.UDP -> "-u";
                default -> "--sctp-service";
              }
              + address.toString().substring(address.toString().indexOf(' '));
      case FirewallMarkKey mark ->
          "-f " + mark.mark() + (mark.family() == AddressFamily.IPV6 ? " -6" : "");
    };
  }

  private static String listed(IpvsService service) {
    var line = new StringBuilder(service.key().toString());
    line.append(' ').append(service.scheduler());
    service
        .persistence()
        .ifPresent(persistence -> {
          line.append(" persistent ").append(persistence.timeout().toSeconds());
          if (!isSingle(persistence.granularity())) {
            line.append(" mask ").append(persistence.granularity());
          }
        });
    service.persistenceEngine().ifPresent(engine -> line.append(" pe ").append(engine));
    return line.append(service.onePacket() ? " ops" : "").toString();
  }

  private static boolean isSingle(Granularity granularity) {
    return granularity.equals(Granularity.single(granularity.family()));
  }

  private static String method(IpvsDestination destination) {
    return destination.forwarding() instanceof IpvsForwarding.Tunnelling
        ? "Tunnel"
        : destination.forwarding().toString();
  }
}
