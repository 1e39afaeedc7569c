package io.lvs4j.spring.boot;

import static io.lvs4j.spring.boot.ConfigurationReader.ifSet;
import static io.lvs4j.spring.boot.ConfigurationReader.ifTrue;

import io.lvs4j.api.AgentCheck;
import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.GrpcHealth;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthProbe;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.PassiveHealth;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Probe;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.Program;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerLoss;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.TcpConnect;
import io.lvs4j.api.Tls;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes a virtual server of its properties. */
final class VirtualServerMapper {
  private final PropertyProblems problems;
  private final NamedBeans beans;
  private final String prefix;
  private final VirtualServerProperties properties;

  VirtualServerMapper(
      PropertyProblems problems,
      NamedBeans beans,
      String prefix,
      VirtualServerProperties properties) {
    this.problems = problems;
    this.beans = beans;
    this.prefix = prefix;
    this.properties = properties;
    names();
  }

  private void names() {
    problems.name(prefix, "port", prefix + ".address");
    problems.name(prefix, "host", prefix + ".address");
    problems.name(prefix, "mark", prefix + ".firewall-mark");
    problems.name(prefix, "one-packet scheduling", prefix + ".one-packet");
    problems.name(prefix, "while master of", prefix + ".while-master");
    problems.name(prefix, "passive health", prefix + ".passive-health");
    problems.name(prefix, "persistence timeout", prefix + ".persistence.timeout");
    problems.name(prefix, "persistence engine", prefix + ".persistence.engine");
    for (int version : List.of(4, 6)) {
      problems.name(
          prefix,
          "persistence granularity for IPv" + version,
          prefix + ".persistence.ipv" + version + "-granularity");
    }
  }

  /** Returns the virtual server; empty after adding what keeps it from being one. */
  Optional<VirtualServer> map() {
    var builder = begin();
    if (builder.isEmpty()) {
      return Optional.empty();
    }
    settings(builder.get());
    try {
      return Optional.of(builder.get().build());
    } catch (InvalidConfigurationException refused) {
      // The first part of a subject is this virtual server's own name.
      refused.problems().stream()
          .map(problem -> ConfigurationReader.withoutFirst(problem))
          .forEach(problem -> problems.add(prefix, problem));
      return Optional.empty();
    }
  }

  private Optional<VirtualServer.Builder> begin() {
    var mark = properties.firewallMark();
    if (mark != null) {
      if (properties.address() != null) {
        problems.add(prefix + ".address", "with a firewall mark", "one or the other");
      }
      return Optional.of(VirtualServer.firewallMark(mark, properties.addressFamily()));
    }
    return HostAndPort.parse(problems, prefix + ".address", properties.address())
        .map(this::withFreePort)
        .map(at ->
            properties.protocol() == Protocol.TCP
                ? VirtualServer.tcp(at.host(), at.port())
                : VirtualServer.udp(at.host(), at.port()));
  }

  private HostAndPort withFreePort(HostAndPort at) {
    return at.port() == 0 && properties.persistence() == null
        ? at.withFreePort(properties.protocol())
        : at;
  }

  private void settings(VirtualServer.Builder builder) {
    scheduler().ifPresent(builder::scheduler);
    ifSet(properties.forwarding(), builder::forwarding);
    ifSet(properties.persistence(), each -> builder.persistence(persistence(each)));
    checks(prefix, properties.healthCheck(), properties.healthChecks(), builder::healthCheck);
    for (int i = 0; i < properties.realServers().size(); i++) {
      realServer(prefix + ".real-servers[" + i + "]", properties.realServers().get(i))
          .ifPresent(builder::realServer);
    }
    var sorry = properties.sorryServer();
    if (sorry != null) {
      problems.name(prefix, "sorry server", prefix + ".sorry-server");
      realServer(prefix + ".sorry-server", sorry).ifPresent(builder::sorryServer);
    }
    ifSet(properties.quorum(), builder::quorum);
    ifSet(properties.hysteresis(), builder::hysteresis);
    ifSet(properties.slowStart(), builder::slowStart);
    ifTrue(properties.onePacket(), builder::onePacket);
    ifSet(properties.idleTimeout(), builder::idleTimeout);
    ifSet(properties.halfClosedTimeout(), builder::halfClosedTimeout);
    ifSet(properties.connectTimeout(), builder::connectTimeout);
    ifSet(properties.connectRetries(), builder::connectRetries);
    ifSet(properties.clientAddress(), builder::clientAddress);
    ifTrue(properties.acceptProxyProtocol(), builder::acceptProxyProtocol);
    ifSet(properties.whileMaster(), builder::whileMaster);
    ifTrue(properties.alpha(), builder::alpha);
    ifTrue(properties.omega(), builder::omega);
    ifTrue(properties.haSuspend(), builder::haSuspend);
    ifTrue(properties.notifyAtStart(), builder::notifyAtStart);
    var losses = properties.shutdownSessions();
    if (!losses.isEmpty()) {
      builder.shutdownSessions(losses.getFirst(), losses.toArray(ServerLoss[]::new));
    }
    ifSet(properties.passiveHealth(), each -> builder.passiveHealth(passiveHealth(each)));
  }

  private Optional<Scheduler> scheduler() {
    var algorithm = properties.scheduler();
    var bean = properties.schedulerBean();
    if (bean != null) {
      if (algorithm != null) {
        problems.add(prefix + ".scheduler-bean", bean + " with a scheduler", "one or the other");
      }
      return beans
          .find(prefix + ".scheduler-bean", bean, Scheduler.class)
          .map(found -> named(bean, found));
    }
    if (algorithm == null) {
      if (!properties.schedulerFlags().isEmpty()) {
        problems.add(
            prefix + ".scheduler-flags",
            properties.schedulerFlags().toString(),
            "none without a scheduler");
      }
      return Optional.empty();
    }
    var name = algorithm.name().toLowerCase(Locale.ROOT);
    problems.name(prefix, "scheduler " + name, prefix);
    problems.name(prefix, "flag", prefix + ".scheduler-flags");
    try {
      return Optional.of(Schedulers.byName(name, new LinkedHashSet<>(properties.schedulerFlags())));
    } catch (InvalidConfigurationException refused) {
      refused.problems().forEach(problem -> problems.add(prefix, problem));
      return Optional.empty();
    }
  }

  /** A scheduler that has no name of its own, such as a lambda, is shown by that of its bean. */
  private static Scheduler named(String bean, Scheduler scheduler) {
    Scheduler nameless = (servers, flow) -> Scheduler.NONE;
    return scheduler.name().equals(nameless.name()) ? Scheduler.named(bean, scheduler) : scheduler;
  }

  private static Persistence persistence(VirtualServerProperties.Persistence from) {
    var persistence =
        Persistence.byClientAddress(from.timeout())
            .granularity(from.ipv4Granularity(), from.ipv6Granularity());
    var engine = from.engine();
    return engine == null ? persistence : persistence.engine(engine);
  }

  private static PassiveHealth passiveHealth(VirtualServerProperties.PassiveHealth from) {
    return new PassiveHealth(
        from.consecutiveFailures(),
        from.baseEjectionTime(),
        from.maxEjectionTime(),
        from.maxEjectionPercent());
  }

  private Optional<RealServer> realServer(
      String property, VirtualServerProperties.RealServer from) {
    return HostAndPort.parse(problems, property + ".address", from.address())
        .map(at -> realServer(property, from, RealServer.of(at.host(), at.port())));
  }

  private RealServer realServer(
      String property, VirtualServerProperties.RealServer from, RealServer plain) {
    var server = new RealServer[] {plain};
    // What a real server calls itself, less its weight.
    var text = plain.toString().substring(0, plain.toString().indexOf(' '));
    problems.name(prefix, "real server " + text, property);
    problems.name(prefix, "sorry server " + text, property);
    problems.name(property, "real server " + text, property);
    problems.name(property, "port", property + ".address");
    problems.name(property, "host", property + ".address");
    ifSet(from.weight(), weight -> server[0] = server[0].weight(weight));
    var upper = from.upperThreshold();
    var lower = from.lowerThreshold();
    if (upper != null || lower != null) {
      server[0] = server[0].thresholds(upper == null ? 0 : upper, lower == null ? 0 : lower);
    }
    ifTrue(from.inhibitOnFailure(), () -> server[0] = server[0].inhibitOnFailure());
    checks(
        property,
        from.healthCheck(),
        from.healthChecks(),
        check -> server[0] = server[0].healthCheck(check));
    ifSet(from.clientAddress(), told -> server[0] = server[0].clientAddress(told));
    ifSet(from.forwarding(), method -> server[0] = server[0].forwarding(method));
    ifSet(from.tunnel(), tunnel -> server[0] = server[0].tunnel(tunnel(property, tunnel)));
    return server[0];
  }

  private Tunnel tunnel(String property, VirtualServerProperties.Tunnel from) {
    problems.name(property, "tunnel gue", property + ".tunnel");
    problems.name(property, "tunnel gre", property + ".tunnel");
    var port = from.port();
    return switch (from.type()) {
      case IPIP -> Tunnel.ipip();
      case GUE -> Tunnel.gue(port == null ? 0 : port, from.checksum());
      case GRE -> Tunnel.gre(from.checksum());
    };
  }

  private void checks(
      String container,
      @Nullable HealthCheckProperties one,
      List<HealthCheckProperties> more,
      Consumer<HealthCheck> add) {
    if (one != null) {
      check(container, container + ".health-check", one).ifPresent(add);
    }
    for (int i = 0; i < more.size(); i++) {
      check(container, container + ".health-checks[" + i + "]", more.get(i)).ifPresent(add);
    }
  }

  private Optional<HealthCheck> check(
      String container, String property, HealthCheckProperties from) {
    var type = typeOf(from);
    var begun = begin(property, type, from);
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    var check = new HealthCheck[] {begun.get()};
    ifSet(from.every(), time -> check[0] = check[0].every(time));
    ifSet(from.connectTimeout(), time -> check[0] = check[0].connectTimeout(time));
    ifSet(from.retries(), retries -> check[0] = check[0].retries(retries));
    ifSet(from.rise(), rise -> check[0] = check[0].rise(rise));
    ifSet(from.delayBeforeRetry(), time -> check[0] = check[0].delayBeforeRetry(time));
    ifSet(from.warmUp(), time -> check[0] = check[0].warmUp(time));
    ifTrue(from.alpha(), () -> check[0] = check[0].alpha());
    ifTrue(from.logAllFailures(), () -> check[0] = check[0].logAllFailures());
    ifSet(from.port(), port -> check[0] = check[0].port(port));
    address(property + ".address", from.address(), at -> check[0] = check[0].address(at));
    address(
        property + ".bind-address", from.bindAddress(), at -> check[0] = check[0].bindAddress(at));
    ifSet(from.bindPort(), port -> check[0] = check[0].bindPort(port));
    ifSet(from.bindInterface(), name -> check[0] = check[0].bindInterface(name));
    ifSet(from.firewallMark(), mark -> check[0] = check[0].firewallMark(mark));
    ifSet(from.proxyProtocol(), version -> check[0] = check[0].proxyProtocol(version));
    names(container, property, check[0]);
    return Optional.of(check[0]);
  }

  private void names(String container, String property, HealthCheck check) {
    problems.name(container, "health check " + check.probe().name(), property);
    problems.name(property, "health check " + check.probe().name(), property);
    problems.name(property, "delay loop", property + ".every");
    problems.name(property, "status", property + ".expect-status");
    problems.name(property, "digest", property + ".expect-digest");
    problems.name(property, "regex", property + ".expect-body");
    problems.name(property, "name", property + ".domain");
    problems.name(property, "timeout", property + ".command-timeout");
    problems.name(property, "server name", property + ".tls.server-name");
    problems.name(property, "client certificate", property + ".tls.client-certificate");
  }

  private void address(String property, @Nullable String text, Consumer<InetAddress> set) {
    if (text == null) {
      return;
    }
    Endpoint.address(text)
        .ifPresentOrElse(set, () -> problems.add(property, text, "an IP address"));
  }

  private static HealthCheckProperties.Type typeOf(HealthCheckProperties from) {
    var type = from.type();
    if (type != null) {
      return type;
    }
    return from.path() == null ? HealthCheckProperties.Type.TCP : HealthCheckProperties.Type.HTTP;
  }

  private Optional<HealthCheck> begin(
      String property, HealthCheckProperties.Type type, HealthCheckProperties from) {
    return switch (type) {
      case TCP -> check(new TcpConnect());
      case HTTP -> check(http(from, Optional.ofNullable(from.tls())));
      case HTTPS ->
          check(
              http(
                  from,
                  Optional.of(
                      from.tls() == null
                          ? new HealthCheckProperties.TlsProperties(
                              true, from.virtualHost(), null, null, null, null)
                          : from.tls())));
      case GRPC -> check(grpc(from));
      case AGENT -> {
        var port = from.port();
        if (port == null) {
          problems.add(property + ".port", "none", "the port of the agent");
          yield Optional.empty();
        }
        var send = from.send();
        yield Optional.of(
            HealthCheck.of(send == null ? AgentCheck.of() : AgentCheck.of().send(send)).retries(0));
      }
      case UDP -> check(udp(from));
      case DNS -> {
        var root = DnsQuery.ofRoot();
        yield check(
            new DnsQuery(
                from.recordType() == null ? root.type() : from.recordType(),
                from.domain() == null ? root.domain() : from.domain()));
      }
      case SMTP -> check(from.heloName() == null ? SmtpHello.of() : new SmtpHello(from.heloName()));
      case PING ->
          check(
              from.size() == null
                  ? new IcmpEcho()
                  : new IcmpEcho(Math.toIntExact(Math.clamp(from.size().toBytes(), 0, 1 << 20))));
      case SCRIPT ->
          check(
              new ProcessRun(
                  new Program(from.command(), Optional.ofNullable(from.user()), true),
                  Optional.ofNullable(from.commandTimeout()),
                  Boolean.TRUE.equals(from.dynamic())));
      case FILE -> {
        var file = from.file();
        if (file == null) {
          problems.add(property + ".file", "none", "a file that holds a number");
          yield Optional.empty();
        }
        yield check(new FileValue(file, from.multiplier()));
      }
      case PROBE -> {
        var name = from.probe();
        if (name == null) {
          problems.add(property + ".probe", "none", "the name of a bean");
          yield Optional.empty();
        }
        yield beans
            .find(property + ".probe", name, HealthProbe.class)
            .map(probe -> HealthCheck.of(name, probe));
      }
    };
  }

  private static Optional<HealthCheck> check(Probe probe) {
    return Optional.of(HealthCheck.of(probe));
  }

  private static HttpGet http(
      HealthCheckProperties from, Optional<HealthCheckProperties.TlsProperties> tls) {
    var url = new HttpUrl[] {HttpUrl.of(from.path() == null ? "/" : from.path())};
    ifSet(from.virtualHost(), host -> url[0] = url[0].virtualHost(host));
    if (!from.expectStatus().isEmpty()) {
      var codes = from.expectStatus().stream().mapToInt(Integer::intValue).toArray();
      url[0] = url[0].expectStatus(codes[0], codes);
    }
    ifSet(from.expectDigest(), md5 -> url[0] = url[0].expectDigest(md5));
    ifSet(from.expectBody(), regex -> url[0] = url[0].expectBody(BodyPattern.of(regex)));
    var probe = HttpGet.of(url[0]);
    var protocol = from.httpProtocol();
    var asked = protocol == null ? probe : probe.protocol(protocol);
    return tls.map(each -> asked.tls(tls(each))).orElse(asked);
  }

  private static Tls tls(HealthCheckProperties.TlsProperties from) {
    var plain = from.verify() ? Tls.verified() : Tls.withoutVerification();
    var named = from.serverName() == null ? plain : plain.serverName(from.serverName());
    return new Tls(
        named.isVerified(),
        named.serverName(),
        named.isServerNameSent(),
        Optional.ofNullable(from.certificateAuthority()),
        Optional.ofNullable(from.clientCertificate()),
        Optional.ofNullable(from.clientKey()),
        Optional.ofNullable(from.clientKeyPassword()));
  }

  private static GrpcHealth grpc(HealthCheckProperties from) {
    return new GrpcHealth(
        from.service(),
        Optional.ofNullable(from.tls()).map(VirtualServerMapper::tls),
        Optional.ofNullable(from.authority()));
  }

  private static UdpExchange udp(HealthCheckProperties from) {
    var payload = from.payload();
    var exchange = payload == null ? UdpExchange.ofRandomBytes() : UdpExchange.ofHex(payload);
    var reply = from.reply();
    if (reply != null) {
      return exchange.requireReply(reply);
    }
    return Boolean.TRUE.equals(from.requireReply()) ? exchange.requireReply() : exchange;
  }
}
