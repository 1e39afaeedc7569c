package io.lvs4j.keepalived.ipvsadm;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.model.SchedulerSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table that rules build up, one command after another. */
final class RuleTable {
  private final Diagnostics diagnostics;
  private final SchedulerSource schedulers;
  private final Map<VirtualServerId, RuleService> services = new LinkedHashMap<>();

  RuleTable(Diagnostics diagnostics, SchedulerSource schedulers) {
    this.diagnostics = diagnostics;
    this.schedulers = schedulers;
  }

  /** Applies a command. */
  void apply(Position position, List<String> words) {
    if (words.isEmpty()) {
      return;
    }
    var options = Options.of(words);
    if (options.unknown().isPresent()) {
      diagnostics.warning(
          position,
          "ipvsadm: "
              + Diagnostics.quoted(options.unknown().get())
              + " (expected: options of -A, -E, -D, -a, -e, -d or -C); the line is left out");
      return;
    }
    if (options.has("--clear")) {
      services.clear();
      return;
    }
    id(position, options).ifPresent(id -> apply(position, options, id));
  }

  private void apply(Position position, Options options, VirtualServerId id) {
    var service = services.get(id);
    if (options.has("--add-service")) {
      if (service != null) {
        wrong(position, "-A", id.toString(), "a service that isn't there yet");
      } else {
        var added = new RuleService(position, id);
        added.change(options, diagnostics, position);
        services.put(id, added);
      }
    } else if (service == null) {
      wrong(position, "service", id.toString(), "one that was added with -A");
    } else if (options.has("--edit-service")) {
      service.change(options, diagnostics, position);
    } else if (options.has("--delete-service")) {
      services.remove(id);
    } else {
      server(position, options, service);
    }
  }

  private void server(Position position, Options options, RuleService service) {
    var address = options.value("--real-server");
    var endpoint = address.flatMap(text -> endpoint(text, service.port()));
    if (endpoint.isEmpty()) {
      wrong(position, "-r", address.orElse("nothing"), "an IP address and perhaps :port");
      return;
    }
    boolean known = service.has(endpoint.get());
    if (options.has("--add-server") == known) {
      wrong(
          position,
          "-r",
          endpoint.get().toString(),
          known ? "a server that isn't there yet" : "one that was added with -a");
    } else if (options.has("--delete-server")) {
      service.remove(endpoint.get());
    } else if (options.has("--add-server") || options.has("--edit-server")) {
      RuleServer.of(endpoint.get(), options, diagnostics, position).ifPresent(service::put);
    } else {
      wrong(position, "command", "none", "-A, -E, -D, -a, -e, -d or -C");
    }
  }

  private Optional<VirtualServerId> id(Position position, Options options) {
    var mark = options.value("--fwmark-service");
    if (mark.isPresent()) {
      var family = options.has("--ipv6") ? AddressFamily.IPV6 : AddressFamily.IPV4;
      if (mark.get().matches("[0-9]{1,10}")) {
        long number = Long.parseLong(mark.get());
        if (number >= 1 && number <= VirtualServerId.FirewallMark.GREATEST) {
          return Optional.of(new VirtualServerId.FirewallMark(number, family));
        }
      }
      wrong(position, "-f", mark.get(), "1-" + VirtualServerId.FirewallMark.GREATEST);
      return Optional.empty();
    }
    boolean tcp = options.has("--tcp-service");
    var text = tcp ? options.value("--tcp-service") : options.value("--udp-service");
    if (text.isEmpty()) {
      wrong(position, "service", "none", "-t, -u or -f");
      return Optional.empty();
    }
    var endpoint = endpoint(text.get(), 0);
    if (endpoint.isEmpty()) {
      wrong(
          position,
          tcp ? "-t" : "-u",
          text.get(),
          "an IP address and a port, as ipvsadm-save -n writes them");
    }
    return endpoint.map(at -> new VirtualServerId.Address(tcp ? Protocol.TCP : Protocol.UDP, at));
  }

  /** Returns {@code address}, {@code address:port} or {@code [address]:port}. */
  static Optional<Endpoint> endpoint(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[");
    boolean several = text.indexOf(':') != colon;
    String host = text;
    String port = "";
    if (bracketed) {
      int close = text.indexOf(']');
      if (close < 0) {
        return Optional.empty();
      }
      host = text.substring(1, close);
      port = text.substring(close + 1);
      if (!port.isEmpty() && !port.startsWith(":")) {
        return Optional.empty();
      }
      port = port.isEmpty() ? "" : port.substring(1);
    } else if (colon >= 0 && !several) {
      host = text.substring(0, colon);
      port = text.substring(colon + 1);
    }
    int number = defaultPort;
    if (!port.isEmpty() || text.endsWith(":")) {
      if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
        return Optional.empty();
      }
      number = Integer.parseInt(port);
    }
    int known = number;
    return Endpoint.address(host).map(address -> new Endpoint(address, known));
  }

  private void wrong(Position position, String subject, String value, String expected) {
    diagnostics.error(
        position,
        "ipvsadm: "
            + subject
            + ": "
            + value
            + " (expected: "
            + expected
            + "); the line is left out");
  }

  /** Returns what the table holds. */
  List<VirtualServer> virtualServers() {
    var servers = new ArrayList<VirtualServer>();
    for (var service : services.values()) {
      try {
        servers.add(service.virtualServer(schedulers));
      } catch (InvalidConfigurationException e) {
        diagnostics.errors(service.position(), e.problems());
      }
    }
    return servers;
  }
}
