package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.Probe;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.TcpConnect;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Suggestions;
import io.lvs4j.keepalived.keyword.BlockKeywords;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.mapping.Check.Defaults;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one checker of a real server. */
final class CheckReader {
  private static final int LONGEST_DATAGRAM = 65_535;

  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final Values values;
  private final Check own = new Check();
  private final List<Check> hosts = new ArrayList<>();
  private String heloName = "smtpchecker.keepalived.org";
  private DnsQuery.Type type = DnsQuery.Type.SOA;
  private String domain = ".";
  private UdpExchange exchange = UdpExchange.ofRandomBytes();
  private Optional<List<String>> command = Optional.empty();
  private Optional<Statement> commandAt = Optional.empty();
  private Optional<Duration> timeout = Optional.empty();
  private Optional<String> user = Optional.empty();
  private boolean dynamic;
  private Optional<Word> trackFile = Optional.empty();
  private Optional<Integer> multiplier = Optional.empty();

  CheckReader(MappingContext context) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.values = context.values();
  }

  /**
   * Returns the checkers of a block: one, unless it is left out, or one for each host of
   * SMTP_CHECK.
   *
   * @param outer the settings of the real server
   */
  List<HealthCheck> read(Statement statement, Check outer) {
    if (!statement.name().equals("SMTP_CHECK")) {
      return one(statement, outer).stream().toList();
    }
    smtp().walk(statement.statements(), diagnostics);
    var probe = new SmtpHello(heloName);
    if (hosts.isEmpty()) {
      return made(statement, outer, Defaults.USUAL, probe).stream().toList();
    }
    // Each of the hosts has to answer, so they are checkers of their own.
    return hosts.stream()
        .flatMap(host -> made(statement, host.within(own), outer, Defaults.USUAL, probe).stream())
        .toList();
  }

  private Optional<HealthCheck> one(Statement statement, Check outer) {
    return switch (statement.name()) {
      case "TCP_CHECK" -> check(tcp(), statement, outer, Defaults.USUAL, new TcpConnect());
      case "PING_CHECK" -> check(ping(), statement, outer, Defaults.USUAL, new IcmpEcho());
      case "DNS_CHECK" -> {
        dns().walk(statement.statements(), diagnostics);
        yield made(statement, outer, Defaults.DNS, new DnsQuery(type, domain));
      }
      case "UDP_CHECK" -> {
        udp().walk(statement.statements(), diagnostics);
        yield made(statement, outer, Defaults.USUAL, exchange);
      }
      case "MISC_CHECK" -> {
        program().walk(statement.statements(), diagnostics);
        yield program(statement).flatMap(probe -> made(statement, outer, Defaults.PROGRAM, probe));
      }
      case "FILE_CHECK" -> {
        file().walk(statement.statements(), diagnostics);
        yield file(statement).flatMap(probe -> made(statement, outer, Defaults.USUAL, probe));
      }
      default -> new HttpCheckReader(context, own).read(statement, outer);
    };
  }

  private Optional<HealthCheck> check(
      Handlers handlers, Statement statement, Check outer, Defaults defaults, Probe probe) {
    handlers.walk(statement.statements(), diagnostics);
    return made(statement, outer, defaults, probe);
  }

  /** A checker with a setting that can't be is left out, and its server is as if it had none. */
  private Optional<HealthCheck> made(
      Statement statement, Check outer, Defaults defaults, Probe probe) {
    return made(statement, own, outer, defaults, probe);
  }

  private Optional<HealthCheck> made(
      Statement statement, Check settings, Check outer, Defaults defaults, Probe probe) {
    var problems = probe.problems();
    diagnostics.errors(statement.position(), problems);
    return problems.isEmpty()
        ? Optional.of(
            settings
                .within(outer)
                .applyTo(HealthCheck.of(probe), defaults, context.declared().allFailuresLogged))
        : Optional.empty();
  }

  private Handlers connecting(BlockKeywords block) {
    var handlers = new Handlers(block);
    own.handle(handlers, values);
    own.handleRoute(handlers, values);
    own.handleFailures(handlers, values);
    return handlers;
  }

  /** Returns the handlers of TCP_CHECK. */
  Handlers tcp() {
    return connecting(KeywordTable.TCP_CHECK);
  }

  /** Returns the handlers of PING_CHECK. */
  Handlers ping() {
    return connecting(KeywordTable.PING_CHECK);
  }

  /** Returns the handlers of SMTP_CHECK. */
  Handlers smtp() {
    return connecting(KeywordTable.SMTP_CHECK)
        .on("helo_name", s -> values.word(s, "a host name").ifPresent(w -> heloName = w.text()))
        .on("host", this::host);
  }

  private void host(Statement statement) {
    var host = new Check();
    host(host).walk(statement.statements(), diagnostics);
    hosts.add(host);
  }

  /** Returns the handlers of a host of SMTP_CHECK. */
  Handlers host(Check host) {
    var handlers = new Handlers(KeywordTable.SMTP_HOST);
    host.handleTimeout(handlers, values);
    host.handleRoute(handlers, values);
    return handlers;
  }

  /** Returns the handlers of DNS_CHECK. */
  Handlers dns() {
    return connecting(KeywordTable.DNS_CHECK)
        .on("type", this::type)
        .on("name", s -> values.word(s, "a domain name").ifPresent(w -> domain = w.text()));
  }

  private void type(Statement statement) {
    var names = Arrays.stream(DnsQuery.Type.values()).map(Enum::name).toList();
    values
        .word(statement, String.join(", ", names))
        .ifPresent(word -> {
          var name = word.text().toUpperCase(Locale.ROOT);
          if (names.contains(name)) {
            type = DnsQuery.Type.valueOf(name);
          } else {
            values.wrong(word, "type", "one of " + String.join(", ", names));
          }
        });
  }

  /** Returns the handlers of UDP_CHECK. */
  Handlers udp() {
    return connecting(KeywordTable.UDP_CHECK)
        .on("payload", s -> hex(s).ifPresent(hex -> exchange = withPayload(hex)))
        .on("require_reply", this::reply)
        .on(
            "min_reply_length",
            s ->
                values
                    .number(s, 0, LONGEST_DATAGRAM)
                    .ifPresent(n -> exchange = exchange.replyLength(n, exchange.mostReplyLength())))
        .on(
            "max_reply_length",
            s ->
                values
                    .number(s, 0, LONGEST_DATAGRAM)
                    .ifPresent(
                        n -> exchange = exchange.replyLength(exchange.leastReplyLength(), n)));
  }

  private UdpExchange withPayload(String hex) {
    return new UdpExchange(
        Optional.of(hex),
        exchange.isReplyRequired(),
        exchange.reply(),
        exchange.leastReplyLength(),
        exchange.mostReplyLength());
  }

  private void reply(Statement statement) {
    exchange =
        statement.arguments().isEmpty()
            ? exchange.requireReply()
            : exchange.requireReply(joined(statement));
  }

  private Optional<String> hex(Statement statement) {
    return statement.arguments().isEmpty()
        ? values.word(statement, "hexadecimal digits").map(Word::text)
        : Optional.of(joined(statement));
  }

  private static String joined(Statement statement) {
    return String.join("", statement.arguments().stream().map(Word::text).toList());
  }

  /** Returns the handlers of MISC_CHECK. */
  Handlers program() {
    var handlers = new Handlers(KeywordTable.MISC_CHECK);
    own.handlePace(handlers, values);
    own.handleFailures(handlers, values);
    return handlers
        .on("misc_path", this::path)
        .on(
            "misc_timeout",
            s ->
                timeout =
                    values.seconds(s, Duration.ofMillis(1), Duration.ofHours(1)).or(() -> timeout))
        .on("misc_dynamic", s -> values.flag(s).ifPresent(flag -> dynamic = flag))
        .on("user", s -> user = Commands.user(s, values).or(() -> user));
  }

  private void path(Statement statement) {
    command = context.commands().lonelyCommand(statement).or(() -> command);
    commandAt = Optional.of(statement);
  }

  private Optional<ProcessRun> program(Statement statement) {
    if (command.isEmpty()) {
      diagnostics.error(statement.position(), "MISC_CHECK: no misc_path (expected: a program)");
      return Optional.empty();
    }
    return context
        .commands()
        .runnable(commandAt.orElse(statement), command.get(), user)
        .map(script -> settings(ProcessRun.of(script.program())));
  }

  private ProcessRun settings(ProcessRun plain) {
    var run = timeout.isPresent() ? plain.timeout(timeout.get()) : plain;
    return dynamic ? run.dynamic() : run;
  }

  /** Returns the handlers of FILE_CHECK. */
  Handlers file() {
    return new Handlers(KeywordTable.FILE_CHECK)
        .on("track_file", s -> trackFile = values.word(s, "the name of a track_file"))
        .on(
            "weight",
            s ->
                multiplier =
                    values.number(s, -Integer.MAX_VALUE, Integer.MAX_VALUE).or(() -> multiplier));
  }

  private Optional<FileValue> file(Statement statement) {
    var known = context.declared().trackFiles;
    if (trackFile.isEmpty()) {
      diagnostics.error(statement.position(), "FILE_CHECK: no track_file (expected: a name)");
      return Optional.empty();
    }
    var name = trackFile.get();
    var tracker = known.get(name.text());
    if (tracker == null || !(tracker.source() instanceof TrackerSource.File(Path path))) {
      diagnostics.error(
          name.position(),
          "FILE_CHECK: "
              + Diagnostics.quoted(name.text())
              + " (expected: the name of a track_file)",
          Suggestions.nearest(name.text(), known.keySet()));
      return Optional.empty();
    }
    return Optional.of(new FileValue(path, multiplier.orElseGet(tracker::weight)));
  }

  /** Returns the handlers of all checkers, for the test that holds them against the table. */
  static List<Handlers> all(MappingContext context) {
    var reader = new CheckReader(context);
    return List.of(
        reader.tcp(),
        new HttpCheckReader(context, new Check()).http(),
        new HttpCheckReader(context, new Check()).url(new UrlReader(context)),
        reader(context).smtp(),
        reader(context).host(new Check()),
        reader(context).dns(),
        reader(context).program(),
        reader(context).udp(),
        reader(context).ping(),
        reader(context).file());
  }

  private static CheckReader reader(MappingContext context) {
    return new CheckReader(context);
  }
}
