package io.lvs4j.keepalived.ipvsadm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of one command line, each by its long name.
 *
 * @param values what follows each option; empty where nothing does
 * @param unknown the first word that is no option
 */
record Options(Map<String, String> values, Optional<String> unknown) {
  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("-A", "--add-service"),
          Map.entry("-E", "--edit-service"),
          Map.entry("-D", "--delete-service"),
          Map.entry("-a", "--add-server"),
          Map.entry("-e", "--edit-server"),
          Map.entry("-d", "--delete-server"),
          Map.entry("-C", "--clear"),
          Map.entry("-t", "--tcp-service"),
          Map.entry("-u", "--udp-service"),
          Map.entry("-f", "--fwmark-service"),
          Map.entry("-s", "--scheduler"),
          Map.entry("-b", "--sched-flags"),
          Map.entry("-p", "--persistent"),
          Map.entry("-M", "--netmask"),
          Map.entry("-o", "--ops"),
          Map.entry("-6", "--ipv6"),
          Map.entry("-r", "--real-server"),
          Map.entry("-g", "--gatewaying"),
          Map.entry("-i", "--ipip"),
          Map.entry("-m", "--masquerading"),
          Map.entry("-w", "--weight"),
          Map.entry("-x", "--u-threshold"),
          Map.entry("-y", "--l-threshold"));

  private static final Set<String> WITH_VALUE =
      Set.of(
          "--tcp-service",
          "--udp-service",
          "--fwmark-service",
          "--scheduler",
          "--sched-flags",
          "--netmask",
          "--real-server",
          "--weight",
          "--u-threshold",
          "--l-threshold",
          "--pe",
          "--tun-type",
          "--tun-port");

  private static final Set<String> ALONE =
      Set.of(
          "--add-service",
          "--edit-service",
          "--delete-service",
          "--add-server",
          "--edit-server",
          "--delete-server",
          "--clear",
          "--ops",
          "--ipv6",
          "--gatewaying",
          "--ipip",
          "--masquerading",
          "--tun-nocsum",
          "--tun-csum",
          "--tun-remcsum");

  Options {
    values = Map.copyOf(values);
  }

  static Options of(List<String> words) {
    var values = new HashMap<String, String>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = LONG_NAMES.getOrDefault(word, equals < 0 ? word : word.substring(0, equals));
      boolean more = i + 1 < words.size();
      if (ALONE.contains(name) && equals < 0) {
        values.put(name, "");
      } else if (WITH_VALUE.contains(name) && (equals >= 0 || more)) {
        values.put(name, equals >= 0 ? word.substring(equals + 1) : words.get(++i));
      } else if (name.equals("--persistent")) {
        boolean timeout = equals < 0 && more && !words.get(i + 1).startsWith("-");
        values.put(name, equals >= 0 ? word.substring(equals + 1) : timeout ? words.get(++i) : "");
      } else {
        return new Options(values, Optional.of(word));
      }
    }
    return new Options(values, Optional.empty());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
