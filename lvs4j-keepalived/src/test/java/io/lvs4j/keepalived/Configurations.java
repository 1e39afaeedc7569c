package io.lvs4j.keepalived;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.Probe;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.TcpConnect;
import io.lvs4j.api.Tunnel;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.keepalived.model.FlushOnStop;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.model.LvsSyncDaemon;
import io.lvs4j.keepalived.model.LvsTimeouts;
import io.lvs4j.keepalived.script.ScriptCommand;
import io.lvs4j.keepalived.script.ServerNotification;
import io.lvs4j.keepalived.script.VrrpNotification;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/** Configurations of all that keepalived can say, made at random. */
final class Configurations {
  private final Random random;

  private Configurations(Random random) {
    this.random = random;
  }

  static KeepalivedConfiguration random(Random random) {
    return new Configurations(random).configuration();
  }

  private boolean maybe() {
    return random.nextInt(3) == 0;
  }

  private int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private Duration seconds(int least, int most) {
    return Duration.ofSeconds(between(least, most));
  }

  private Duration fraction(int leastMillis, int mostMillis) {
    return Duration.ofMillis(between(leastMillis, mostMillis));
  }

  private KeepalivedConfiguration configuration() {
    var tracked = new ArrayList<Tracker>();
    for (int i = between(0, 3); i > 0; i--) {
      tracked.add(tracker(i));
    }
    var spacing = maybe() ? fraction(1, 900) : Duration.ZERO;
    var startUp = maybe() ? fraction(1, 5000) : Duration.ZERO;
    var instances = new ArrayList<VrrpInstance>();
    for (int i = between(0, 4); i > 0; i--) {
      instances.add(instance(i, tracked, spacing, startUp));
    }
    var groups = new ArrayList<SyncGroup>();
    if (instances.size() > 1 && maybe()) {
      groups.add(group(instances, tracked));
    }
    return KeepalivedConfiguration.of(definitions(), virtualServers(), instances, groups);
  }

  private GlobalDefinitions definitions() {
    Optional<LvsTimeouts> timeouts =
        maybe()
            ? Optional.of(
                new LvsTimeouts(
                    Optional.of(seconds(1, 9000)),
                    maybe() ? Optional.of(seconds(1, 300)) : Optional.empty(),
                    maybe() ? Optional.of(seconds(1, 300)) : Optional.empty()))
            : Optional.empty();
    Optional<LvsSyncDaemon> daemon =
        maybe()
            ? Optional.of(
                new LvsSyncDaemon(
                    "eth1",
                    maybe() ? Optional.of("VI_1") : Optional.empty(),
                    maybe() ? OptionalInt.of(between(0, 255)) : OptionalInt.empty(),
                    maybe() ? OptionalInt.of(between(1, 65_507)) : OptionalInt.empty(),
                    maybe() ? OptionalInt.of(between(1, 65_535)) : OptionalInt.empty(),
                    maybe() ? OptionalInt.of(between(1, 255)) : OptionalInt.empty(),
                    maybe() ? Optional.of(InetAddress.ofLiteral("224.0.0.81")) : Optional.empty()))
            : Optional.empty();
    return new GlobalDefinitions(
        maybe()
            ? Optional.of(oneOf(List.of("LVS_1", "a b", "x#y!z", "${NOT}", "{", "@main")))
            : Optional.empty(),
        timeouts,
        daemon,
        maybe(),
        oneOf(List.of(FlushOnStop.values())));
  }

  private Tracker tracker(int number) {
    if (maybe()) {
      return Tracker.file("file_" + number, Path.of("/run/track " + number));
    }
    var tracker =
        Tracker.script("chk_" + number, "/usr/bin/test", "-e", oneOf(List.of("/run/down", "a b c")))
            .every(seconds(1, 60))
            .timeout(seconds(1, 60))
            .rise(between(1, 5))
            .fall(between(1, 5));
    return maybe() ? tracker.failedAtFirst() : tracker;
  }

  private List<Tracker> weighted(List<Tracker> known) {
    var trackers = new ArrayList<Tracker>();
    if (maybe()) {
      trackers.add(Tracker.networkInterface("eth7").weight(maybe() ? between(-253, 253) : 0));
    }
    // Interfaces are written first, then scripts, then files.
    for (var script : List.of(true, false)) {
      for (var tracker : known) {
        if (tracker.name().startsWith("chk") == script && random.nextBoolean()) {
          var weighted = maybe() ? tracker.weight(between(-253, 253)) : tracker;
          trackers.add(maybe() ? weighted.reversed() : weighted);
        }
      }
    }
    return trackers;
  }

  private VrrpInstance instance(
      int number, List<Tracker> tracked, Duration spacing, Duration startUp) {
    boolean v6 = maybe();
    var version = v6 || maybe() ? VrrpVersion.V3 : VrrpVersion.V2;
    boolean owner = maybe();
    boolean backup = random.nextBoolean();
    var builder =
        VrrpInstance.builder(maybe() ? "VI_" + number : "vi number " + number)
            .virtualRouterId(between(1, 255))
            .priority(owner ? 255 : between(1, 254))
            .networkInterface("eth" + number)
            .version(version)
            .advertisementInterval(
                version == VrrpVersion.V2
                    ? seconds(1, 255)
                    : Duration.ofMillis(10L * between(1, 4095)))
            .downTimerAdverts(between(1, 5))
            .startUpDelay(startUp)
            .announcements(announcements().spacing(spacing));
    if (backup) {
      builder.startAsBackup();
      if (maybe()) {
        builder.noPreempt();
      } else if (maybe()) {
        builder.preemptDelay(fraction(1, 1_000_000));
      }
    }
    if (maybe()) {
      builder.stepDownSilently();
    }
    if (maybe()) {
      builder.leaveLowerPriorityUnanswered();
    }
    if (maybe()) {
      builder.ignoreAdvertsAsOwner();
    }
    if (maybe()) {
      builder.ownInterfaceNotTracked();
    }
    if (maybe()) {
      builder.checksum(ChecksumDialect.RFC_9568);
    }
    addresses(builder, number, v6);
    transport(builder, v6);
    if (maybe()) {
      builder.authentication(authentication(version));
    }
    weighted(tracked).forEach(builder::track);
    notifications(false).forEach(builder::listener);
    return builder.build();
  }

  private Announcements announcements() {
    var announcements =
        Announcements.defaults()
            .repeat(between(1, 9))
            .delay(seconds(0, 9))
            .refresh(seconds(0, 90), between(1, 5));
    return maybe()
        ? announcements.onLowerPriority(between(11, 20), seconds(10, 20))
        : announcements;
  }

  private void addresses(VrrpInstance.Builder builder, int number, boolean v6) {
    if (!v6 && random.nextInt(6) == 0) {
      builder.noVirtualAddress();
      return;
    }
    for (int i = between(1, 4); i > 0; i--) {
      builder.virtualAddress(
          address(v6 ? "2001:db8:" + number + "::" + i : "10.0." + number + "." + i, v6));
    }
    if (maybe()) {
      builder.excludedAddress(
          address(v6 ? "10.1." + number + ".1" : "2001:db8:1:" + number + "::1", !v6));
    }
  }

  private VirtualAddress address(String text, boolean v6) {
    var address = VirtualAddress.of(text + "/" + between(8, v6 ? 128 : 32));
    address = maybe() ? address.on("eth3.10") : address;
    address = maybe() && !v6 ? address.label("eth3:1") : address;
    address = maybe() ? address.scope(oneOf(List.of(AddressScope.values()))) : address;
    if (maybe()) {
      address =
          address.preferredLifetime(
              maybe() ? Duration.ofSeconds(0xffff_ffffL) : seconds(0, 100_000));
    }
    return address;
  }

  private void transport(VrrpInstance.Builder builder, boolean v6) {
    if (maybe()) {
      builder.sourceAddress(v6 ? "fe80::9" : "192.0.2.9");
    }
    if (maybe()) {
      var peer = UnicastPeer.of(v6 ? "fe80::7" : "192.0.2.7");
      boolean bounded = maybe();
      builder.unicastPeer(bounded ? peer.ttl(between(1, 100), between(101, 255)) : peer);
      if (bounded || maybe()) {
        builder.checkUnicastSource();
      }
      if (maybe()) {
        builder.unicastTtl(between(1, 255));
      }
    } else if (maybe()) {
      builder.multicastGroup(v6 ? "ff02::77" : "224.0.0.77");
    }
  }

  private Authentication authentication(VrrpVersion version) {
    if (version == VrrpVersion.V2) {
      return Authentication.password(oneOf(List.of("1111", "a b", "p#w!", "übung", "{}", "'q'")));
    }
    var secret = new byte[between(32, 64)];
    random.nextBytes(secret);
    var authentication =
        HmacAuthentication.of(HmacKey.of(between(0, 9), secret))
            .mode(oneOf(List.of(HmacAuthentication.Mode.values())))
            .antiReplay(oneOf(List.of(HmacAuthentication.AntiReplay.values())));
    return maybe() ? authentication.timeWindow(seconds(1, 300)) : authentication;
  }

  private List<VrrpNotification> notifications(boolean group) {
    var triggers = EnumSet.noneOf(VrrpNotification.Trigger.class);
    for (var trigger : VrrpNotification.Trigger.values()) {
      boolean forBoth =
          trigger != VrrpNotification.Trigger.LOWER_PRIORITY_HEARD
              && trigger != VrrpNotification.Trigger.DELETED;
      if (maybe() && (forBoth || !group)) {
        triggers.add(trigger);
      }
    }
    boolean deletion =
        triggers.contains(VrrpNotification.Trigger.DELETED)
            || (!group && !triggers.isEmpty() && maybe());
    return triggers.stream()
        .map(trigger -> new VrrpNotification(trigger, command(), group, deletion))
        .toList();
  }

  private ScriptCommand command() {
    return new ScriptCommand(
        oneOf(
            List.of(
                List.of("/bin/true"),
                List.of("/etc/notify.sh", "master", "a b", "#1"),
                List.of("/bin/sh", "-c", "echo 'up' > /run/state; a\\b", "", "\\"))));
  }

  private SyncGroup group(List<VrrpInstance> instances, List<Tracker> tracked) {
    var builder = SyncGroup.builder("G 1");
    instances.forEach(each -> builder.instance(each.name()));
    weighted(tracked).forEach(builder::track);
    if (maybe()) {
      builder.weightedTracking();
    }
    notifications(true).forEach(builder::listener);
    return builder.build();
  }

  private List<VirtualServer> virtualServers() {
    var servers = new ArrayList<VirtualServer>();
    for (int i = between(0, 4); i > 0; i--) {
      servers.add(virtualServer(i));
    }
    return servers;
  }

  private VirtualServer virtualServer(int number) {
    boolean v6 = maybe();
    boolean mark = maybe();
    boolean tcp = random.nextBoolean();
    String host = (v6 ? "2001:db8::" : "10.0.0.") + number;
    boolean allPorts = !mark && maybe();
    int port = allPorts ? 0 : between(1, 65_535);
    var builder =
        mark
            ? VirtualServer.firewallMark(
                number + 4_000_000_000L, v6 ? AddressFamily.IPV6 : AddressFamily.IPV4)
            : tcp ? VirtualServer.tcp(host, port) : VirtualServer.udp(host, port);
    if (!mark && !tcp && maybe()) {
      builder.onePacket();
    }
    var forwarding =
        oneOf(
            List.of(
                ForwardingMethod.NAT, ForwardingMethod.DIRECT_ROUTING, ForwardingMethod.TUNNEL));
    builder.forwarding(forwarding).scheduler(scheduler());
    if (allPorts || maybe()) {
      builder.persistence(persistence(v6));
    }
    var listeners = new ArrayList<DirectorListener>();
    var up = ServerNotification.Trigger.QUORUM_UP;
    if (maybe()) {
      listeners.add(new ServerNotification(up, Optional.empty(), command()));
    }
    int total = 0;
    for (int i = between(1, 4); i > 0; i--) {
      var server = realServer(v6, i, mark ? 0 : port, forwarding);
      total += server.weight();
      builder.realServer(server);
    }
    if (maybe()) {
      boolean anyPort = allPorts || mark;
      int own = forwarding == ForwardingMethod.NAT && !anyPort ? 9090 : mark ? 0 : port;
      builder.sorryServer(RealServer.of(v6 ? "::1" : "127.0.0.1", own));
    }
    if (total > 2) {
      builder.quorum(2).hysteresis(between(0, 1));
    }
    listeners.forEach(builder::listener);
    return builder.build();
  }

  private KernelScheduler scheduler() {
    var name = oneOf(KernelScheduler.NAMES);
    boolean hash = name.equals("sh") || name.equals("mh");
    return new KernelScheduler(
        name, hash ? Set.of(name + (maybe() ? "-port" : "-fallback")) : Set.of());
  }

  private Persistence persistence(boolean v6) {
    var persistence = Persistence.byClientAddress(seconds(1, 2_678_400));
    if (maybe()) {
      persistence =
          v6
              ? persistence.granularity(32, between(1, 128))
              : persistence.granularity(between(0, 32), 128);
    }
    return maybe() ? persistence.engine("sip") : persistence;
  }

  /**
   * Makes a real server.
   *
   * @param port the virtual server's port, which only NAT can change; 0 for any
   */
  private RealServer realServer(boolean v6, int number, int port, ForwardingMethod forwarding) {
    String host = (v6 ? "2001:db8:9::" : "10.9.0.") + number;
    boolean anyPort = port == 0;
    var own = maybe() ? ForwardingMethod.TUNNEL : forwarding;
    boolean mapped = own == ForwardingMethod.NAT && !anyPort;
    var server = RealServer.of(host, mapped ? between(1, 65_535) : port).weight(between(0, 100));
    if (maybe()) {
      int upper = between(1, 1000);
      server = server.thresholds(upper, between(0, upper));
    }
    if (maybe()) {
      server = server.inhibitOnFailure();
    }
    if (own != forwarding) {
      server = server.forwarding(own);
    }
    if (own == ForwardingMethod.TUNNEL && maybe()) {
      server =
          server.tunnel(
              maybe()
                  ? Tunnel.gre(Tunnel.Checksum.PRESENT)
                  : Tunnel.gue(between(1, 65_535), oneOf(List.of(Tunnel.Checksum.values()))));
    }
    for (int i = between(0, 2); i > 0; i--) {
      server = server.healthCheck(check(i, anyPort));
    }
    return server;
  }

  private HealthCheck check(int number, boolean portNeeded) {
    var probe = probe(number);
    boolean connecting = !(probe instanceof ProcessRun);
    var check =
        HealthCheck.of(probe)
            .every(fraction(10, 60_000))
            .retries(between(0, 9))
            .delayBeforeRetry(fraction(0, 9_000))
            .warmUp(fraction(0, 9_000));
    check = maybe() ? check.alpha() : check;
    check = maybe() ? check.logAllFailures() : check;
    if (!connecting) {
      return check;
    }
    check = check.connectTimeout(fraction(1, 60_000));
    check = maybe() ? check.bindAddress(InetAddress.ofLiteral("192.0.2.9")) : check;
    check = maybe() ? check.address(InetAddress.ofLiteral("192.0.2.8")) : check;
    check = maybe() ? check.bindPort(between(1, 65_535)) : check;
    check = maybe() ? check.bindInterface("eth7") : check;
    check = maybe() ? check.firewallMark(between(1, 9)) : check;
    return portNeeded || maybe() ? check.port(between(1, 65_535)) : check;
  }

  private Probe probe(int number) {
    return switch (between(0, 6)) {
      case 0 -> new TcpConnect();
      case 1 -> new SmtpHello("mail" + number + ".example.org");
      case 2 -> new DnsQuery(oneOf(List.of(DnsQuery.Type.values())), "www.example.org");
      case 3 -> {
        var exchange = UdpExchange.ofHex("00ff%02d".formatted(number));
        exchange = maybe() ? exchange.requireReply("0xx1") : exchange;
        yield maybe() ? exchange.replyLength(2, between(3, 600)) : exchange;
      }
      case 4 -> {
        var run = ProcessRun.of("/usr/bin/check it", "-a", "b c", "d'e");
        run = maybe() ? run.dynamic() : run;
        yield maybe() ? run.timeout(fraction(1, 60_000)) : run;
      }
      default -> http(number);
    };
  }

  private HttpGet http(int number) {
    var url =
        HttpUrl.of("/health" + number + "?a=b#c")
            .expectStatus(200, 204, 205, 206, between(300, 599))
            .virtualHost("www.example.org");
    url = maybe() ? url.expectDigest("0123456789abcdef0123456789abcdef") : url;
    url =
        maybe()
            ? url.expectBody(
                new BodyPattern(
                    "^is it (ok|fine)[.]$",
                    maybe() ? 0 : Pattern.CASE_INSENSITIVE | Pattern.MULTILINE,
                    maybe(),
                    between(0, 9),
                    maybe() ? OptionalInt.empty() : OptionalInt.of(between(10, 90))))
            : url;
    return HttpGet.of(maybe() ? List.of(url) : List.of(url, HttpUrl.of("/b").virtualHost("b")))
        .protocol(oneOf(List.of(HttpProtocol.values())))
        .fastRecovery(maybe());
  }
}
