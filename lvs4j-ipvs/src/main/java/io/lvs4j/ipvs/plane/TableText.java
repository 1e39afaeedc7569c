package io.lvs4j.ipvs.plane;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.ipvs.client.ServiceKey;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel's table as {@code /proc/net/ip_vs} has it: one cheap read that shows of all services
 * whether real servers, their weights or their connections have changed. Thresholds, tunnels and
 * persistent clients are not in it. See ip_vs_info_seq_show in net/netfilter/ipvs/ip_vs_ctl.c.
 */
final class TableText {
  /** What it says of nothing. */
  static final TableText EMPTY = new TableText(Map.of());

  private final Map<String, String> services;

  private TableText(Map<String, String> services) {
    this.services = services;
  }

  /** Takes the lines of the file. */
  static TableText of(Stream<String> lines) {
    var services = new HashMap<String, StringBuilder>();
    StringBuilder[] current = {new StringBuilder()};
    lines.forEach(line -> {
      if (!line.startsWith("  ->")) {
        var words = line.split(" +", 3);
        // Marks of both families look the same: the one is looked at when the other changes.
        current[0] =
            services.computeIfAbsent(
                words.length < 2 ? "" : words[0] + " " + words[1], _ -> new StringBuilder());
      }
      current[0].append(line).append('\n');
    });
    var texts = new HashMap<String, String>();
    services.forEach((name, text) -> texts.put(name, text.toString()));
    return new TableText(texts);
  }

  /** Returns what it says of a service; empty when that is nothing. */
  Optional<String> of(ServiceKey key) {
    return Optional.ofNullable(services.get(name(key)));
  }

  private static String name(ServiceKey key) {
    return switch (key) {
      case ServiceKey.FirewallMarkKey(long mark, var _) -> "FWM " + "%08X".formatted(mark);
      case ServiceKey.AddressKey(int protocol, var address, int port) ->
          protocol(protocol) + " " + text(address) + ":" + "%04X".formatted(port);
    };
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case ServiceKey.TCP -> "TCP";
      case ServiceKey.UDP -> "UDP";
      case ServiceKey.SCTP -> "SCTP";
      default -> "protocol " + protocol;
    };
  }

  private static String text(InetAddress address) {
    var text = new StringBuilder();
    byte[] bytes = address.getAddress();
    if (AddressFamily.of(address) == AddressFamily.IPV4) {
      for (byte each : bytes) {
        text.append("%02X".formatted(each));
      }
      return text.toString();
    }
    for (int i = 0; i < bytes.length; i += 2) {
      text.append(i == 0 ? "[" : ":").append("%02x%02x".formatted(bytes[i], bytes[i + 1]));
    }
    return text.append(']').toString().toLowerCase(Locale.ROOT);
  }
}
