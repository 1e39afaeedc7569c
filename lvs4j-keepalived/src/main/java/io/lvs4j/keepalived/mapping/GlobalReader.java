package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.model.FlushOnStop;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.keepalived.model.LvsSyncDaemon;
import io.lvs4j.keepalived.model.LvsTimeouts;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code global_defs}. */
final class GlobalReader {
  private static final Duration MICROSECOND = Duration.ofNanos(1000);
  private static final int LONGEST_TIMEOUT = Integer.MAX_VALUE;

  private final MappingContext context;
  private final Values values;
  private final FifoReader fifos;
  private final VrrpDefaults defaults = new VrrpDefaults();
  private Optional<String> routerId = Optional.empty();
  private Optional<LvsTimeouts> timeouts = Optional.empty();
  private Optional<LvsSyncDaemon> syncDaemon = Optional.empty();
  private boolean flushedAtStart;
  private FlushOnStop flushOnStop = FlushOnStop.OWN;

  GlobalReader(MappingContext context) {
    this.context = context;
    this.values = context.values();
    this.fifos = new FifoReader(context);
  }

  /** Returns the handlers of global_defs. */
  Handlers handlers() {
    var handlers = new Handlers(KeywordTable.GLOBAL_DEFS);
    defaults.garp.handle(handlers, values, "vrrp_");
    fifos.handle(handlers);
    return handlers
        .on("router_id", s -> values.word(s, "a name").ifPresent(w -> routerId = text(w)))
        .on("lvs_timeouts", this::timeouts)
        .on("lvs_sync_daemon", this::syncDaemon)
        .on("lvs_flush", s -> values.flag(s).ifPresent(flag -> flushedAtStart = flag))
        .on("lvs_flush_on_stop", this::flushOnStop)
        .on("vrrp_version", s -> version(s, values).ifPresent(v -> defaults.version = v))
        .on(
            "vrrp_mcast_group4",
            s -> group(s, 4).ifPresent(a -> defaults.multicastGroup4 = some(a)))
        .on(
            "vrrp_mcast_group6",
            s -> group(s, 16).ifPresent(a -> defaults.multicastGroup6 = some(a)))
        .on("vrrp_garp_interval", this::spacing)
        .on(
            "vrrp_min_garp",
            s -> values.flag(s).filter(f -> f).ifPresent(_ -> defaults.garp.least()))
        .on(
            "vrrp_down_timer_adverts",
            s -> values.number(s, 1, 100).ifPresent(n -> defaults.downTimerAdverts = n))
        .on(
            "vrrp_lower_prio_no_advert",
            s -> values.flag(s).ifPresent(flag -> defaults.lowerPriorityUnanswered = flag))
        .on(
            "vrrp_higher_prio_send_advert",
            s -> values.flag(s).ifPresent(flag -> defaults.advertBeforeSteppingDown = flag))
        .on(
            "vrrp_check_unicast_src",
            s -> values.flag(s).ifPresent(flag -> defaults.unicastSourceChecked = flag))
        .on(
            "vrrp_owner_ignore_adverts",
            s -> values.flag(s).ifPresent(flag -> defaults.ownerIgnoresAdverts = flag))
        .on("vrrp_startup_delay", this::startUpDelay)
        .on("vrrp_delay_after_boot", this::startUpDelay)
        .on("thread_timer_expired", _ -> {})
        .on(
            "default_interface",
            s ->
                values.word(s, "an interface").ifPresent(w -> defaults.defaultInterface = w.text()))
        .on("script_user", s -> Commands.user(s, values).ifPresent(context.commands()::scriptUser))
        .on("enable_script_security", s -> values.flag(s).ifPresent(context.commands()::secured))
        .on(
            "rs_init_notifies",
            s -> values.flag(s).ifPresent(flag -> context.declared().toldAtStart = flag))
        .on(
            "checker_log_all_failures",
            s -> values.flag(s).ifPresent(flag -> context.declared().allFailuresLogged = flag))
        .on(
            "vrrp_notify_priority_changes",
            s -> values.flag(s).ifPresent(flag -> context.declared().prioritiesTold = flag))
        .on("vrrp_strict", this::strict)
        .on("random_seed", _ -> {})
        .on("include_check", _ -> {});
  }

  private static Optional<String> text(Word word) {
    return Optional.of(word.text());
  }

  private static Optional<InetAddress> some(InetAddress address) {
    return Optional.of(address);
  }

  private void strict(Statement statement) {
    values
        .flag(statement)
        .filter(flag -> flag)
        .ifPresent(_ -> {
          defaults.strict = true;
          tellStrict(statement, context.diagnostics());
        });
  }

  /** Tells what a strict mode asks for that isn't there. */
  static void tellStrict(Statement statement, Diagnostics diagnostics) {
    diagnostics.error(
        statement.position(),
        statement.name()
            + " is not supported yet but for this: no auth_pass, preempt_delay and"
            + " higher_prio_send_advert, as in keepalived; packets for the virtual addresses are"
            + " accepted, and adverts are checked no more strictly than without it");
  }

  private void startUpDelay(Statement statement) {
    values
        .seconds(statement, Duration.ofMillis(1), Duration.ofHours(1))
        .ifPresent(delay -> {
          if (delay.compareTo(defaults.startUpDelay) > 0) {
            defaults.startUpDelay = delay;
          }
        });
  }

  private void spacing(Statement statement) {
    values.seconds(statement, MICROSECOND, Duration.ofSeconds(1)).ifPresent(defaults.garp::spacing);
  }

  /** Returns the version behind a keyword. */
  static Optional<VrrpVersion> version(Statement statement, Values values) {
    return values.number(statement, 2, 3).map(n -> n == 2 ? VrrpVersion.V2 : VrrpVersion.V3);
  }

  private Optional<InetAddress> group(Statement statement, int length) {
    var address = values.address(statement);
    if (address
        .filter(group -> !group.isMulticastAddress() || group.getAddress().length != length)
        .isPresent()) {
      values.wrong(
          statement.arguments().getFirst(),
          statement.name(),
          "an " + (length == 4 ? "IPv4" : "IPv6") + " multicast address");
      return Optional.empty();
    }
    return address;
  }

  private void flushOnStop(Statement statement) {
    if (statement.arguments().isEmpty()) {
      flushOnStop = FlushOnStop.EVERYTHING;
    } else if (statement.arguments().getFirst().text().equals("VS")) {
      values.nothingBehind(statement, 1);
      flushOnStop = FlushOnStop.VIRTUAL_SERVERS;
    } else {
      values.wrong(statement.arguments().getFirst(), statement.name(), "VS, or nothing");
    }
  }

  private void timeouts(Statement statement) {
    Optional<Duration> tcp = Optional.empty();
    Optional<Duration> tcpFin = Optional.empty();
    Optional<Duration> udp = Optional.empty();
    var words = statement.arguments();
    if (words.isEmpty()) {
      values.word(statement, "tcp, tcpfin or udp, each with seconds");
    }
    for (int i = 0; i < words.size(); i += 2) {
      var name = words.get(i);
      boolean last = i + 1 >= words.size();
      if (last || !List.of("tcp", "tcpfin", "udp").contains(name.text())) {
        values.wrong(name, statement.name(), "tcp, tcpfin or udp, each with seconds");
        continue;
      }
      var time =
          values
              .number(words.get(i + 1), "lvs_timeouts " + name.text(), 1, LONGEST_TIMEOUT)
              .map(Duration::ofSeconds);
      switch (name.text()) {
        case "tcp" -> tcp = time;
        case "tcpfin" -> tcpFin = time;
        default -> udp = time;
      }
    }
    if (tcp.isPresent() || tcpFin.isPresent() || udp.isPresent()) {
      timeouts = Optional.of(new LvsTimeouts(tcp, tcpFin, udp));
    }
  }

  private void syncDaemon(Statement statement) {
    if (syncDaemon.isPresent()) {
      values.changed(
          statement.position(),
          "lvs_sync_daemon: given twice, the first is taken (expected: once)");
      return;
    }
    syncDaemon = SyncDaemonReader.read(statement, values);
  }

  /** Takes an instance's own {@code lvs_sync_daemon_interface}, where there is no other. */
  void syncDaemonOf(String instance, String networkInterface) {
    if (syncDaemon.isEmpty()) {
      syncDaemon =
          Optional.of(
              new LvsSyncDaemon(
                  networkInterface,
                  Optional.of(instance),
                  OptionalInt.empty(),
                  OptionalInt.empty(),
                  OptionalInt.empty(),
                  OptionalInt.empty(),
                  Optional.empty()));
    }
  }

  /** Reads a block. */
  void read(Statement statement) {
    handlers().walk(statement.statements(), context.diagnostics());
    fifos.declare();
  }

  /** Returns what was said for VRRP instances. */
  VrrpDefaults defaults() {
    return defaults;
  }

  /** Returns what was said for the director. */
  GlobalDefinitions definitions() {
    return new GlobalDefinitions(routerId, timeouts, syncDaemon, flushedAtStart, flushOnStop);
  }
}
