package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.RealServer;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Reads the real servers of one virtual server. */
final class ServersReader {
  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final Check checks;
  private final Forwarding forwarding;
  private final boolean inhibited;
  private final List<DirectorListener> listeners = new ArrayList<>();

  ServersReader(MappingContext context, Check checks, Forwarding forwarding, boolean inhibited) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.checks = checks;
    this.forwarding = forwarding;
    this.inhibited = inhibited;
  }

  /** Returns the real servers, each address and port once. */
  List<RealServer> read(List<Statement> statements, Target target) {
    var servers = new LinkedHashMap<Endpoint, RealServer>();
    for (var statement : statements) {
      var endpoint = endpoint(statement, target);
      if (endpoint.isEmpty()) {
        continue;
      }
      var reader =
          new RealServerReader(context, endpoint.get(), target, checks, forwarding, inhibited);
      var server = reader.read(statement);
      if (servers.putIfAbsent(server.endpoint(), server) == null) {
        listeners.addAll(reader.listeners());
      } else {
        diagnostics.error(
            statement.position(),
            "real_server " + endpoint.get() + ": given twice (expected: once)");
      }
    }
    return List.copyOf(servers.values());
  }

  /** Returns the address and port behind a keyword, unless they can't be reached so. */
  Optional<Endpoint> endpoint(Statement statement, Target target) {
    var endpoint = RealServerReader.endpoint(statement, context.values(), target.port());
    if (endpoint.isEmpty()) {
      diagnostics.error(statement.position(), statement.name() + ": left out");
      return Optional.empty();
    }
    var family = AddressFamily.of(endpoint.get().address());
    boolean tunnelled =
        forwarding.method() == ForwardingMethod.TUNNEL
            || statement.statements().stream()
                .anyMatch(inner -> inner.rest().text().startsWith("TUN"));
    if (target.family().filter(clients -> clients != family).isPresent() && !tunnelled) {
      diagnostics.error(
          statement.position(),
          statement.name()
              + " "
              + endpoint.get()
              + ": of another family than its virtual server (expected: the same, or TUN)");
      return Optional.empty();
    }
    return endpoint;
  }

  /** Returns the scripts of the real servers. */
  List<DirectorListener> listeners() {
    return listeners;
  }
}
