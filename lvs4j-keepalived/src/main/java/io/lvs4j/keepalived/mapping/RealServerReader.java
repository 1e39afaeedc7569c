package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.script.ServerNotification;
import io.lvs4j.keepalived.script.ServerNotification.Trigger;
import io.lvs4j.keepalived.syntax.Statement;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one {@code real_server}. */
final class RealServerReader {
  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final Values values;
  private final Endpoint endpoint;
  private final Target target;
  private final Check outer;
  private final Forwarding outerForwarding;
  private Forwarding forwarding;
  private final Check own = new Check();
  private final List<Statement> checkers = new ArrayList<>();
  private final List<Told> commands = new ArrayList<>();
  private final Set<Trigger> read = EnumSet.noneOf(Trigger.class);
  private int weight = 1;
  private int upper;
  private int lower;
  private boolean inhibited;
  private Endpoint reached;

  /** A script, and what it is run for. */
  private record Told(Trigger trigger, ScriptCommand command) {}

  /**
   * Begins.
   *
   * @param endpoint the address and port that the file says
   * @param target what the virtual server is for
   * @param outer the virtual server's settings of checks
   * @param forwarding the virtual server's forwarding method
   * @param inhibited whether the virtual server says inhibit_on_failure
   */
  RealServerReader(
      MappingContext context,
      Endpoint endpoint,
      Target target,
      Check outer,
      Forwarding forwarding,
      boolean inhibited) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.values = context.values();
    this.endpoint = endpoint;
    this.reached = endpoint;
    this.target = target;
    this.outer = outer;
    this.outerForwarding = forwarding;
    this.forwarding = forwarding;
    this.inhibited = inhibited;
  }

  /** Returns address and port behind a keyword; a missing port is the virtual server's. */
  static Optional<Endpoint> endpoint(Statement statement, Values values, int defaultPort) {
    if (statement.arguments().isEmpty()) {
      values.word(statement, "an IP address and a port");
      return Optional.empty();
    }
    values.nothingBehind(statement, 2);
    Optional<InetAddress> address =
        values.address(statement.arguments().getFirst(), statement.name());
    Optional<Integer> port =
        statement.arguments().size() < 2
            ? Optional.of(defaultPort)
            : values.number(statement.arguments().get(1), statement.name() + " port", 0, 65_535);
    return address.flatMap(host -> port.map(number -> new Endpoint(host, number)));
  }

  /** Returns the handlers of real_server. */
  Handlers handlers() {
    var handlers = new Handlers(KeywordTable.REAL_SERVER);
    own.handle(handlers, values);
    own.handleVirtualHost(handlers, values);
    return handlers
        .on("weight", s -> values.number(s, 0, Integer.MAX_VALUE).ifPresent(n -> weight = n))
        .on("lvs_method", s -> Forwarding.of(s, values).ifPresent(method -> forwarding = method))
        .on("uthreshold", s -> values.number(s, 0, Integer.MAX_VALUE).ifPresent(n -> upper = n))
        .on("lthreshold", s -> values.number(s, 0, Integer.MAX_VALUE).ifPresent(n -> lower = n))
        .on("inhibit_on_failure", s -> values.flag(s).ifPresent(flag -> inhibited = flag))
        .on("notify_up", s -> notification(s, Trigger.UP))
        .on("notify_down", s -> notification(s, Trigger.DOWN))
        .on("TCP_CHECK", checkers::add)
        .on("HTTP_GET", checkers::add)
        .on("SSL_GET", checkers::add)
        .on("SMTP_CHECK", checkers::add)
        .on("DNS_CHECK", checkers::add)
        .on("MISC_CHECK", checkers::add)
        .on("UDP_CHECK", checkers::add)
        .on("PING_CHECK", checkers::add)
        .on("FILE_CHECK", checkers::add);
  }

  private void notification(Statement statement, Trigger trigger) {
    if (!read.add(trigger)) {
      context.values().givenTwice(statement);
      return;
    }
    context
        .commands()
        .command(statement)
        .ifPresent(command -> commands.add(new Told(trigger, command)));
  }

  /** Returns the real server. */
  RealServer read(Statement statement) {
    handlers().walk(statement.statements(), diagnostics);
    if (lower > upper) {
      diagnostics.warning(
          statement.position(),
          "lthreshold: " + lower + " (expected: not above uthreshold, which is " + upper + ")");
      lower = 0;
    }
    reached = reached(endpoint, forwarding, target);
    if (target instanceof Target.At && !reached.equals(endpoint)) {
      diagnostics.warning(
          statement.position(),
          "real_server "
              + endpoint
              + ": port "
              + endpoint.port()
              + " (expected: "
              + reached.port()
              + ", the virtual server's, which only NAT can change; checks go to the one given)");
    }
    var server =
        forwarding.applyTo(
            RealServer.of(reached).weight(weight).thresholds(upper, lower), outerForwarding);
    if (inhibited) {
      server = server.inhibitOnFailure();
    }
    for (HealthCheck check : checks()) {
      server = server.healthCheck(check);
    }
    return server;
  }

  private List<HealthCheck> checks() {
    var settings = own.within(outer);
    var checks = new ArrayList<HealthCheck>();
    for (var checker : checkers) {
      checks.addAll(new CheckReader(context).read(checker, settings));
    }
    return checks.stream().map(this::atItsOwnPort).toList();
  }

  /** Returns a check that goes where the file says, wherever the connections go. */
  private HealthCheck atItsOwnPort(HealthCheck check) {
    return check.port().isPresent() || endpoint.port() == 0 || reached.equals(endpoint)
        ? check
        : check.port(endpoint.port());
  }

  /**
   * Returns where the kernel is to send connections: only NAT can change their port. Of a mark they
   * have many, and 0 means that they keep it.
   */
  static Endpoint reached(Endpoint endpoint, Forwarding forwarding, Target target) {
    return forwarding.method() == ForwardingMethod.NAT
        ? endpoint
        : new Endpoint(endpoint.address(), target instanceof Target.Marked ? 0 : target.port());
  }

  /** Returns the scripts of the real server. */
  List<DirectorListener> listeners() {
    return commands.stream()
        .<DirectorListener>map(
            told -> new ServerNotification(told.trigger, Optional.of(reached), told.command))
        .toList();
  }
}
