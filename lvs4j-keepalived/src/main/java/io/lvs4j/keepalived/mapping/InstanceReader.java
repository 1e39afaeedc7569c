package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import io.lvs4j.keepalived.syntax.Statement;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Collects what a {@code vrrp_instance} says; {@link InstanceBuilder} makes an instance of it. */
final class InstanceReader {
  final MappingContext context;
  final Diagnostics diagnostics;
  final Statement statement;
  private final Values values;
  private final TrackerReader trackerReader;
  private final GlobalReader globals;

  final GarpSettings garp = new GarpSettings();
  final Notifications notifications;
  Optional<Boolean> master = Optional.empty();
  Optional<String> networkInterface = Optional.empty();
  Optional<Integer> virtualRouterId = Optional.empty();
  Optional<Integer> priority = Optional.empty();
  Duration interval = Duration.ofSeconds(1);
  Optional<VrrpVersion> version = Optional.empty();
  boolean noPreempt;
  Optional<Duration> preemptDelay = Optional.empty();
  boolean ownInterfaceTracked = true;
  Optional<InetAddress> source = Optional.empty();
  Optional<InetAddress> multicastGroup = Optional.empty();
  Optional<Integer> unicastTtl = Optional.empty();
  boolean faultWithoutPeer;
  boolean unicastAsked;
  Optional<Boolean> sourceChecked = Optional.empty();
  Optional<Integer> downTimerAdverts = Optional.empty();
  Optional<Boolean> lowerPriorityUnanswered = Optional.empty();
  Optional<Boolean> advertBeforeSteppingDown = Optional.empty();
  Optional<Boolean> ownerIgnoresAdverts = Optional.empty();
  Optional<Boolean> strict = Optional.empty();
  boolean checksumOfRfc;
  boolean withoutAddresses;
  boolean refused;
  Optional<Authentication> authentication = Optional.empty();
  final List<UnicastPeer> peers = new ArrayList<>();
  final List<VirtualAddress> addresses = new ArrayList<>();
  final List<VirtualAddress> excluded = new ArrayList<>();
  final List<Tracker> trackers = new ArrayList<>();

  InstanceReader(
      MappingContext context, TrackerReader trackers, GlobalReader globals, Statement statement) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.values = context.values();
    this.trackerReader = trackers;
    this.globals = globals;
    this.statement = statement;
    this.notifications = new Notifications(context);
  }

  /** Returns the handlers of vrrp_instance. */
  Handlers handlers() {
    var handlers = new Handlers(KeywordTable.VRRP_INSTANCE);
    garp.handle(handlers, values, "");
    notifications.handle(handlers, Arrays.asList(Trigger.values()));
    notifications.handlePriorities(handlers);
    identity(handlers);
    election(handlers);
    transport(handlers);
    var addressList = new AddressListReader(context);
    return handlers
        .on("authentication", s -> authentication = password(s))
        .on("auth_hmac", this::hmac)
        .on("virtual_ipaddress", s -> addresses.addAll(addressList.read(s)))
        .on("virtual_ipaddress_excluded", s -> excluded.addAll(addressList.read(s)))
        .on("no_virtual_ipaddress", s -> values.flag(s).ifPresent(f -> withoutAddresses = f))
        .on("dont_track_primary", s -> values.flag(s).ifPresent(f -> ownInterfaceTracked = !f))
        .on("track_interface", s -> trackers.addAll(trackerReader.interfaces(s)))
        .on("track_script", s -> trackers.addAll(trackerReader.scripts(s)))
        .on("track_file", s -> trackers.addAll(trackerReader.files(s)));
  }

  private void identity(Handlers handlers) {
    handlers
        .on(
            "interface",
            s -> networkInterface = values.word(s, "an interface").map(word -> word.text()))
        .on(
            "virtual_router_id",
            s -> virtualRouterId = values.number(s, 1, 255).or(() -> virtualRouterId))
        .on("priority", this::priority)
        .on("version", s -> version = GlobalReader.version(s, values).or(() -> version))
        .on(
            "native_ipv6",
            s -> diagnostics.note(s.position(), "native_ipv6: the addresses say which family"))
        .on(
            "lvs_sync_daemon_interface",
            s ->
                values
                    .word(s, "an interface")
                    .ifPresent(word -> globals.syncDaemonOf(name(), word.text())));
  }

  private void priority(Statement s) {
    var read = values.number(s, 1, 255);
    if (read.isEmpty()) {
      diagnostics.warning(s.position(), "priority: 100 is taken");
    }
    priority = Optional.of(read.orElse(100));
  }

  private void election(Handlers handlers) {
    handlers
        .on("state", this::state)
        .on(
            "advert_int",
            s ->
                values
                    .seconds(s, Duration.ofMillis(10), Duration.ofSeconds(255))
                    .ifPresent(value -> interval = value))
        .on("preempt", s -> values.nothingBehind(s, 0))
        .on("nopreempt", s -> noPreempt = true)
        .on(
            "preempt_delay",
            s ->
                preemptDelay =
                    values
                        .seconds(s, Duration.ZERO, Duration.ofSeconds(1000))
                        .or(() -> preemptDelay))
        .on(
            "down_timer_adverts",
            s -> downTimerAdverts = values.number(s, 1, 100).or(() -> downTimerAdverts))
        .on("lower_prio_no_advert", s -> lowerPriorityUnanswered = values.flag(s))
        .on("higher_prio_send_advert", s -> advertBeforeSteppingDown = values.flag(s))
        .on("owner_ignore_adverts", s -> ownerIgnoresAdverts = values.flag(s))
        .on(
            "strict_mode",
            s -> {
              strict = values.flag(s).or(() -> strict);
              if (strict.orElse(false)) {
                GlobalReader.tellStrict(s, diagnostics);
              }
            })
        .on("timer_expired_backup", _ -> {});
  }

  private void state(Statement s) {
    values
        .word(s, "MASTER or BACKUP")
        .ifPresent(word -> {
          boolean known = word.text().equals("MASTER") || word.text().equals("BACKUP");
          if (!known) {
            values.wrong(word, "state", "MASTER or BACKUP, which is taken");
          }
          master = Optional.of(word.text().equals("MASTER"));
        });
  }

  private void transport(Handlers handlers) {
    handlers
        .on("mcast_src_ip", s -> source = values.address(s).or(() -> source))
        .on(
            "unicast_src_ip",
            s -> {
              source = values.address(s).or(() -> source);
              unicastAsked = true;
            })
        .on("mcast_dst_ip", s -> multicastGroup = values.address(s).or(() -> multicastGroup))
        .on("unicast_ttl", s -> unicastTtl = values.number(s, 1, 255).or(() -> unicastTtl))
        .on("unicast_fault_no_peer", s -> values.flag(s).ifPresent(f -> faultWithoutPeer = f))
        .on("check_unicast_src", s -> sourceChecked = values.flag(s))
        .on("v3_checksum_as_v2", s -> values.flag(s).ifPresent(f -> checksumOfRfc = f))
        .on("unicast_peer", this::peers);
  }

  private void peers(Statement block) {
    unicastAsked = true;
    for (var entry : block.statements()) {
      if (!entry.told()) {
        values
            .address(entry.keyword(), "unicast_peer")
            .flatMap(address -> peer(entry, address))
            .ifPresent(peers::add);
      }
    }
  }

  private Optional<UnicastPeer> peer(Statement entry, InetAddress address) {
    int least = 0;
    int most = 255;
    var words = entry.arguments();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      var number = values.number(words.get(i + 1), words.get(i).text(), 0, 255);
      switch (words.get(i).text()) {
        case "min_ttl" -> least = number.orElse(least);
        case "max_ttl" -> most = number.orElse(most);
        default -> values.wrong(words.get(i), "unicast_peer", "min_ttl or max_ttl with a number");
      }
    }
    if (words.size() % 2 != 0) {
      values.wrong(words.getLast(), "unicast_peer", "min_ttl or max_ttl with a number");
    }
    if (least > most) {
      diagnostics.error(
          entry.position(), "unicast_peer: min_ttl " + least + " (expected: at most max_ttl)");
      return Optional.empty();
    }
    return Optional.of(new UnicastPeer(address, least, most));
  }

  private Optional<Authentication> password(Statement block) {
    return new AuthenticationReader(context).readPassword(block);
  }

  private void hmac(Statement block) {
    authentication = new AuthenticationReader(context).readHmac(block);
    // Without its key it would believe anybody.
    refused |= authentication.isEmpty();
  }

  /** Returns the name of the instance. */
  String name() {
    return statement.arguments().isEmpty() ? "" : statement.arguments().getFirst().text();
  }

  /** Returns the family of the addresses. */
  AddressFamily family() {
    if (!addresses.isEmpty()) {
      return addresses.getFirst().family();
    }
    return source
        .or(() -> peers.stream().map(UnicastPeer::address).findFirst())
        .map(AddressFamily::of)
        .orElse(AddressFamily.IPV4);
  }

  /** Returns the instance, unless there is something that it can't be without. */
  Optional<VrrpInstance> read() {
    if (name().isEmpty()) {
      diagnostics.error(statement.position(), "vrrp_instance: no name (expected: one)");
      return Optional.empty();
    }
    values.nothingBehind(statement, 1);
    handlers().walk(statement.statements(), diagnostics);
    try {
      return new InstanceBuilder(this, globals.defaults()).build();
    } catch (InvalidConfigurationException e) {
      diagnostics.errors(statement.position(), e.problems());
      return Optional.empty();
    }
  }

  /** Returns the checksum of adverts. */
  ChecksumDialect checksum() {
    return checksumOfRfc ? ChecksumDialect.RFC_9568 : ChecksumDialect.KEEPALIVED;
  }
}
