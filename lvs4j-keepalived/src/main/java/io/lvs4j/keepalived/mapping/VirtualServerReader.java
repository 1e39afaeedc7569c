package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.script.ServerNotification;
import io.lvs4j.keepalived.script.ServerNotification.Trigger;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads one {@code virtual_server}. */
final class VirtualServerReader {
  private static final int MOST_REAL_SERVERS = 200_000;
  private static final int LONGEST_PERSISTENCE = 2_678_400;

  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final Values values;
  private final SchedulerSettings scheduler;
  private final Check checks = new Check();
  private final List<Statement> realServers = new ArrayList<>();
  private final List<DirectorListener> listeners = new ArrayList<>();
  private final Set<Trigger> told = EnumSet.noneOf(Trigger.class);
  private Optional<Protocol> protocol = Optional.empty();
  private Optional<Word> unserved = Optional.empty();
  private Forwarding forwarding = Forwarding.NAT;
  private Optional<Forwarding> sorryForwarding = Optional.empty();
  private Optional<Word> engine = Optional.empty();
  private Optional<AddressFamily> family = Optional.empty();
  private Optional<Integer> persistence = Optional.empty();
  private Optional<Word> granularity = Optional.empty();
  private Optional<Statement> onePacket = Optional.empty();
  private boolean inhibited;
  private boolean endTold;
  private Optional<Statement> suspended = Optional.empty();
  private int quorum = 1;
  private int hysteresis;
  private Optional<Statement> sorryServer = Optional.empty();
  private boolean sorryServerInhibited;

  VirtualServerReader(MappingContext context) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.values = context.values();
    this.scheduler = new SchedulerSettings(context);
  }

  /** Returns the handlers of virtual_server. */
  Handlers handlers() {
    var handlers = new Handlers(KeywordTable.VIRTUAL_SERVER);
    scheduler.handle(handlers);
    checks.handle(handlers, values);
    checks.handleVirtualHost(handlers, values);
    return handlers
        .on("real_server", realServers::add)
        .on("protocol", this::protocol)
        .on("lvs_method", s -> Forwarding.of(s, values).ifPresent(method -> forwarding = method))
        .on("ops", s -> values.flag(s).ifPresent(_ -> onePacket = Optional.of(s)))
        .on("persistence_timeout", this::persistence)
        .on("persistence_granularity", s -> granularity = values.word(s, "a netmask"))
        .on("persistence_engine", s -> engine = values.word(s, "sip"))
        .on(
            "ip_family",
            s ->
                family =
                    values.word(s, "inet or inet6").flatMap(w -> TargetReader.family(w, values)))
        .on("inhibit_on_failure", s -> values.flag(s).ifPresent(flag -> inhibited = flag))
        .on("omega", s -> values.flag(s).ifPresent(flag -> endTold = flag))
        .on(
            "ha_suspend",
            s ->
                values
                    .flag(s)
                    .ifPresent(flag -> suspended = flag ? Optional.of(s) : Optional.empty()))
        .on("quorum", s -> values.number(s, 1, Integer.MAX_VALUE).ifPresent(n -> quorum = n))
        .on(
            "hysteresis",
            s -> values.number(s, 0, Integer.MAX_VALUE).ifPresent(n -> hysteresis = n))
        .on("quorum_up", s -> notification(s, Trigger.QUORUM_UP))
        .on("quorum_down", s -> notification(s, Trigger.QUORUM_DOWN))
        .on("sorry_server", s -> sorryServer = Optional.of(s))
        .on("sorry_server_inhibit", s -> values.flag(s).ifPresent(f -> sorryServerInhibited = f))
        .on("sorry_server_lvs_method", s -> sorryForwarding = Forwarding.of(s, values));
  }

  private void protocol(Statement statement) {
    values
        .word(statement, "TCP or UDP")
        .ifPresent(word -> {
          switch (word.text().toUpperCase(Locale.ROOT)) {
            case "TCP" -> protocol = Optional.of(Protocol.TCP);
            case "UDP" -> protocol = Optional.of(Protocol.UDP);
            // As UDP, which is meant where nothing is said, it would be another service.
            case "SCTP" -> unserved = Optional.of(word);
            default -> values.wrong(word, "protocol", "TCP or UDP");
          }
        });
  }

  private void persistence(Statement statement) {
    if (statement.arguments().isEmpty()) {
      persistence = Optional.of(360);
    } else {
      values.number(statement, 1, LONGEST_PERSISTENCE).ifPresent(n -> persistence = Optional.of(n));
    }
  }

  private void notification(Statement statement, Trigger trigger) {
    if (!told.add(trigger)) {
      context.values().givenTwice(statement);
      return;
    }
    context
        .commands()
        .command(statement)
        .map(command -> new ServerNotification(trigger, Optional.empty(), command))
        .ifPresent(listeners::add);
  }

  /**
   * Returns the virtual servers, one for each target.
   *
   * @param targets what the block is for
   */
  List<VirtualServer> read(Statement statement, List<Target> targets) {
    handlers().walk(statement.statements(), diagnostics);
    var read = new ArrayList<VirtualServer>();
    if (targets.isEmpty()) {
      return read;
    }
    if (unserved.isPresent()) {
      diagnostics.error(
          unserved.get().position(),
          "virtual_server "
              + targets.getFirst()
              + ": protocol SCTP is not supported, and the server left out (expected: TCP or UDP)");
      return read;
    }
    if (isTooMany(statement, targets)) {
      return read;
    }
    var known = scheduler.scheduler();
    tellDefaults(statement, targets);
    var asked = List.copyOf(listeners);
    for (var target : targets) {
      listeners.clear();
      listeners.addAll(asked);
      // What is wrong with a real server is wrong for each target, and told for the first.
      var quiet = read.isEmpty() ? context : context.quiet();
      var service = service(quiet, statement, target, known);
      service.ifPresent(read::add);
      if (service.isEmpty() && !read.isEmpty()) {
        diagnostics.error(
            statement.position(),
            "virtual_server "
                + target
                + ": left out, unlike others of its group (expected: real servers of its family)");
      }
    }
    return read;
  }

  /** A group has each real server once for each of its addresses: what multiplies is bounded. */
  private boolean isTooMany(Statement statement, List<Target> targets) {
    long number = (long) targets.size() * realServers.size();
    if (context.declared().realServers + number > MOST_REAL_SERVERS) {
      diagnostics.error(
          statement.position(),
          "virtual_server "
              + targets.getFirst()
              + ": "
              + number
              + " real servers for all its addresses, and left out (expected: at most "
              + MOST_REAL_SERVERS
              + " in all, or a fwmark)");
      return true;
    }
    context.declared().realServers += number;
    return false;
  }

  private void tellDefaults(Statement statement, List<Target> targets) {
    var target = targets.getFirst();
    boolean at = target instanceof Target.At;
    // One of a group is enough: they have one virtual_server.
    var whole = targets.stream().filter(each -> each instanceof Target.At && each.port() == 0);
    if (at && protocol.isEmpty()) {
      diagnostics.warning(
          statement.position(), "virtual_server " + target + ": no protocol, which means UDP");
    }
    if (persistence.isEmpty()) {
      whole
          .findFirst()
          .ifPresent(each -> {
            diagnostics.warning(
                statement.position(),
                "virtual_server " + each + ": no port, which means persistence_timeout 360 too");
            persistence = Optional.of(360);
          });
    }
    if (at && protocol.orElse(Protocol.UDP) == Protocol.TCP) {
      onePacket.ifPresent(
          ops -> diagnostics.warning(ops.position(), "ops: on TCP (expected: protocol UDP)"));
      onePacket = Optional.empty();
    }
  }

  private Optional<VirtualServer> service(
      MappingContext quiet, Statement statement, Target target, Scheduler known) {
    var servers = new ServersReader(quiet, checks, forwarding, inhibited);
    var found = servers.read(realServers, target);
    if (found.isEmpty()) {
      quiet
          .diagnostics()
          .error(
              statement.position(),
              "virtual_server " + target + ": no real server (expected: at least one)");
      return Optional.empty();
    }
    var addresses = family.or(target::family).orElseGet(() -> familyOf(found.getFirst()));
    var builder = builder(target, addresses).scheduler(known).forwarding(forwarding.method());
    if (onePacket.isPresent()) {
      builder.onePacket();
    }
    life(quiet, builder, target);
    persistence(quiet.values(), addresses).ifPresent(builder::persistence);
    found.forEach(builder::realServer);
    sorryServer(servers, target).ifPresent(builder::sorryServer);
    quorum(quiet, statement, builder, found.stream().mapToLong(RealServer::weight).sum());
    listeners.forEach(builder::listener);
    servers.listeners().forEach(builder::listener);
    context.declared().serverFifos.forEach(builder::listener);
    try {
      return Optional.of(builder.build());
    } catch (InvalidConfigurationException e) {
      quiet.diagnostics().errors(statement.position(), e.problems());
      return Optional.empty();
    }
  }

  /** When checks are made, and what is told at the start and in the end. */
  private void life(MappingContext quiet, VirtualServer.Builder builder, Target target) {
    if (endTold) {
      builder.omega();
    }
    if (context.declared().toldAtStart) {
      builder.notifyAtStart();
    }
    suspended.ifPresent(statement -> {
      if (target instanceof Target.Marked) {
        quiet
            .diagnostics()
            .warning(
                statement.position(),
                "ha_suspend: of a firewall mark, which has no address to look for (expected: an"
                    + " address)");
      } else {
        builder.haSuspend();
      }
    });
  }

  private static AddressFamily familyOf(RealServer server) {
    return AddressFamily.of(server.endpoint().address());
  }

  private VirtualServer.Builder builder(Target target, AddressFamily addresses) {
    return switch (target) {
      case Target.Marked marked -> VirtualServer.firewallMark(marked.mark(), addresses);
      case Target.At(Endpoint endpoint) -> {
        String host = Endpoint.literal(endpoint.address());
        yield protocol.orElse(Protocol.UDP) == Protocol.TCP
            ? VirtualServer.tcp(host, endpoint.port())
            : VirtualServer.udp(host, endpoint.port());
      }
    };
  }

  private Optional<Persistence> persistence(Values quiet, AddressFamily addresses) {
    boolean v4 = addresses == AddressFamily.IPV4;
    var prefix =
        granularity.flatMap(word ->
            v4
                ? Netmask.prefixLength(word, quiet)
                : quiet.number(word, "persistence_granularity", 1, 128));
    if (persistence.isEmpty() && prefix.isEmpty() && engine.isEmpty()) {
      return Optional.empty();
    }
    var kept = Persistence.byClientAddress(Duration.ofSeconds(persistence.orElse(360)));
    if (prefix.isPresent()) {
      kept = v4 ? kept.granularity(prefix.get(), 128) : kept.granularity(32, prefix.get());
    }
    return Optional.of(engine.isPresent() ? kept.engine(engine.get().text()) : kept);
  }

  private Optional<RealServer> sorryServer(ServersReader servers, Target target) {
    var method = sorryForwarding.orElse(forwarding);
    return sorryServer
        .flatMap(statement -> servers.endpoint(statement, target))
        .map(endpoint -> RealServer.of(RealServerReader.reached(endpoint, method, target)))
        .map(server -> sorryServerInhibited ? server.inhibitOnFailure() : server)
        .map(server -> method.applyTo(server, forwarding));
  }

  private void quorum(
      MappingContext quiet, Statement statement, VirtualServer.Builder builder, long total) {
    int most = Math.clamp(total, 1, Integer.MAX_VALUE);
    if (quorum > most) {
      quiet
          .diagnostics()
          .warning(
              statement.position(),
              "quorum: "
                  + quorum
                  + ", which is taken as "
                  + most
                  + " (expected: at most the sum of all weights)");
    }
    int wanted = Math.min(quorum, most);
    if (hysteresis >= wanted && hysteresis > 0) {
      quiet
          .diagnostics()
          .warning(
              statement.position(),
              "hysteresis: "
                  + hysteresis
                  + ", which is taken as "
                  + (wanted - 1)
                  + " (expected: below quorum)");
    }
    builder.quorum(wanted).hysteresis(Math.min(hysteresis, wanted - 1));
  }
}
