package io.lvs4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.PassiveHealth;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.ServerLoss;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.scheduler.HashFlag;
import io.lvs4j.core.scheduler.Schedulers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Properties make what the builders make. */
class PropertiesToBuildersTest {
  private static final String SECRET = "00112233445566778899aabbccddeeff".repeat(2);

  private static LvsConfiguration read(String... properties) {
    return read(Empty.class, properties);
  }

  private static LvsConfiguration read(Class<?> beans, String... properties) {
    try (var context = new AnnotationConfigApplicationContext()) {
      TestPropertyValues.of(properties).applyTo(context);
      context.register(beans);
      context.refresh();
      var read = ConfigurationReader.read(context, new Readiness(), new StepDowns());
      assertThat(read.problems().all()).isEmpty();
      return read;
    }
  }

  @Configuration
  static class Empty {}

  @Test
  void aVirtualServer() {
    var web = "lvs4j.virtual-servers.web.";
    var read =
        read(
            web + "address=[2001:db8::1]:80",
            web + "scheduler=sh",
            web + "scheduler-flags=sh-port",
            web + "forwarding=full-nat",
            web + "persistence.timeout=7m",
            web + "persistence.ipv6-granularity=64",
            web + "health-check.path=/health",
            web + "health-check.virtual-host=shop.example",
            web + "health-check.expect-status=200,204",
            web + "health-check.http-protocol=http-1-1",
            web + "health-check.every=3s",
            web + "health-check.retries=4",
            web + "health-check.bind-address=2001:db8::9",
            web + "health-checks[0].type=ping",
            web + "health-checks[0].size=64B",
            web + "real-servers[0]=[2001:db8::2]:8080",
            web + "real-servers[1].address=[2001:db8::3]:8080",
            web + "real-servers[1].weight=5",
            web + "real-servers[1].upper-threshold=100",
            web + "real-servers[1].lower-threshold=50",
            web + "real-servers[1].inhibit-on-failure=true",
            web + "real-servers[1].health-check.type=script",
            web + "real-servers[1].health-check.command=/usr/bin/check,-q",
            web + "real-servers[1].health-check.dynamic=true",
            web + "real-servers[1].client-address=proxy-protocol-v2",
            web + "sorry-server=[2001:db8::4]:8080",
            web + "quorum=2",
            web + "hysteresis=1",
            web + "slow-start=10s",
            web + "idle-timeout=1h",
            web + "half-closed-timeout=1m",
            web + "connect-timeout=2s",
            web + "connect-retries=1",
            web + "client-address=proxy-protocol-v1",
            web + "accept-proxy-protocol=true",
            web + "alpha=true",
            web + "omega=true",
            web + "ha-suspend=true",
            web + "notify-at-start=true",
            web + "shutdown-sessions=down,removed",
            web + "passive-health.consecutive-failures=9");
    assertThat(read.virtualServers().get("web"))
        .isEqualTo(
            VirtualServer.tcp("2001:db8::1", 80)
                .scheduler(Schedulers.sourceHashing(HashFlag.PORT))
                .forwarding(ForwardingMethod.FULL_NAT)
                .persistence(Persistence.byClientAddress(Duration.ofMinutes(7)).granularity(32, 64))
                .healthCheck(
                    HealthCheck.of(
                            HttpGet.of("/health")
                                .virtualHost("shop.example")
                                .expectStatus(200, 200, 204)
                                .protocol(HttpProtocol.HTTP_1_1))
                        .every(Duration.ofSeconds(3))
                        .retries(4)
                        .bindAddress(InetAddress.ofLiteral("2001:db8::9")))
                .healthCheck(HealthCheck.of(new IcmpEcho(64)))
                .realServer("2001:db8::2", 8080)
                .realServer(
                    RealServer.of("2001:db8::3", 8080)
                        .weight(5)
                        .thresholds(100, 50)
                        .inhibitOnFailure()
                        .healthCheck(
                            HealthCheck.of(ProcessRun.of("/usr/bin/check", "-q").dynamic()))
                        .clientAddress(ClientAddress.PROXY_PROTOCOL_V2))
                .sorryServer("2001:db8::4", 8080)
                .quorum(2)
                .hysteresis(1)
                .slowStart(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofHours(1))
                .halfClosedTimeout(Duration.ofMinutes(1))
                .connectTimeout(Duration.ofSeconds(2))
                .connectRetries(1)
                .clientAddress(ClientAddress.PROXY_PROTOCOL_V1)
                .acceptProxyProtocol()
                .alpha()
                .omega()
                .haSuspend()
                .notifyAtStart()
                .shutdownSessions(ServerLoss.DOWN, ServerLoss.REMOVED)
                .passiveHealth(PassiveHealth.defaults().consecutiveFailures(9))
                .build());
  }

  private static VrrpInstance.Builder everything() {
    return VrrpInstance.builder("gateway")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .priority(150)
        .version(VrrpVersion.V3)
        .advertisementInterval(Duration.ofMillis(250))
        .preemptDelay(Duration.ofSeconds(30))
        .downTimerAdverts(5)
        .startUpDelay(Duration.ofSeconds(2))
        .sourceAddress("10.0.0.1")
        .unicastPeer("10.0.0.2")
        .unicastPeer("10.0.0.3")
        .unicastTtl(64)
        .virtualAddress("10.0.0.200/24")
        .excludedAddress("2001:db8::200/64")
        .authentication(HmacAuthentication.of(HmacKey.of(3, HexFormat.of().parseHex(SECRET))))
        .checksum(ChecksumDialect.RFC_9568)
        .announcements(Announcements.defaults().repeat(2).onLowerPriority(4, Duration.ZERO))
        .ownInterfaceNotTracked()
        .checkAddressList()
        .checkUnicastSource()
        .stepDownSilently()
        .leaveLowerPriorityUnanswered()
        .withoutStallGuard()
        .releaseAtOnce();
  }

  @Test
  void anInstance() {
    var gateway = "lvs4j.vrrp.instances.gateway.";
    var read =
        read(
            "lvs4j.vrrp.track-readiness=false",
            gateway + "interface=eth0",
            gateway + "virtual-router-id=51",
            gateway + "priority=150",
            gateway + "version=v3",
            gateway + "advertisement-interval=250ms",
            gateway + "preempt-delay=30s",
            gateway + "down-timer-adverts=5",
            gateway + "start-up-delay=2s",
            gateway + "source-address=10.0.0.1",
            gateway + "unicast-peers=10.0.0.2,10.0.0.3",
            gateway + "unicast-ttl=64",
            gateway + "virtual-addresses=10.0.0.200/24",
            gateway + "excluded-addresses=2001:db8::200/64",
            gateway + "authentication.keys[0].id=3",
            gateway + "authentication.keys[0].secret=" + SECRET,
            gateway + "checksum=rfc-9568",
            gateway + "announcements.repeat=2",
            gateway + "announcements.lower-priority-repeat=4",
            gateway + "announcements.lower-priority-delay=0s",
            gateway + "track-own-interface=false",
            gateway + "check-address-list=true",
            gateway + "check-unicast-source=true",
            gateway + "step-down-silently=true",
            gateway + "answer-lower-priority=false",
            gateway + "stall-guard=false",
            gateway + "release-at-once=true");
    var instance = read.instances().getFirst();
    var expected = everything();
    instance.trackers().forEach(expected::track);
    instance.listeners().forEach(expected::listener);
    assertThat(instance).isEqualTo(expected.build());
  }

  @Test
  void whatIsAddedToAnInstanceChangesNothingElseOfIt() {
    var listener = new VrrpListener() {};
    var tracker = Tracker.networkInterface("eth1").weight(-20);
    assertThat(VrrpMapper.extended(everything().build(), List.of(tracker), List.of(listener)))
        .isEqualTo(everything().track(tracker).listener(listener).build());
    var owner =
        VrrpInstance.builder("owner")
            .networkInterface("eth0")
            .virtualRouterId(1)
            .priority(255)
            .noVirtualAddress()
            .multicastGroup("224.0.0.19")
            .noPreempt()
            .startAsBackup()
            .ignoreAdvertsAsOwner()
            .build();
    assertThat(VrrpMapper.extended(owner, List.of(), List.of())).isEqualTo(owner);
  }

  @Configuration
  static class Beans {
    @Bean
    Tracker disk() {
      return Tracker.check("disk", () -> true);
    }

    @Bean
    Tracker uplink() {
      return Tracker.check("uplink", () -> true);
    }

    @Bean
    VrrpInstance inner() {
      return VrrpInstance.builder("inner")
          .networkInterface("eth1")
          .virtualRouterId(52)
          .virtualAddress("10.0.1.200/24")
          .build();
    }

    @Bean
    SyncGroup both() {
      return SyncGroup.builder("both").instance("outer").instance("inner").build();
    }
  }

  @Test
  void trackersAndListenersAreBeans() {
    var outer = "lvs4j.vrrp.instances.outer.";
    var read =
        read(
            Beans.class,
            "lvs4j.virtual-servers.web.address=10.0.0.200:80",
            outer + "interface=eth0",
            outer + "virtual-router-id=51",
            outer + "virtual-addresses=10.0.0.200/24",
            outer + "trackers[0].bean=uplink",
            outer + "trackers[0].weight=-30",
            outer + "trackers[1].quorum=web",
            outer + "trackers[2].interface=eth2",
            outer + "trackers[3].script=/usr/bin/check,-q",
            outer + "trackers[3].rise=3");
    assertThat(read.instances()).extracting(VrrpInstance::name).containsExactly("outer", "inner");
    assertThat(read.groups()).hasSize(1);
    assertThat(read.instances().getFirst().trackers())
        .extracting(Tracker::toString)
        .containsExactly(
            "uplink weight -30",
            "quorum of 10.0.0.200:80/tcp",
            "eth2",
            "/usr/bin/check",
            "disk",
            "readiness of the application",
            "step-down of outer");
    assertThat(read.instances().getLast().trackers())
        .extracting(Tracker::name)
        .containsExactly("disk", "readiness of the application", "step-down of inner");
    assertThat(read.instances())
        .allSatisfy(instance -> assertThat(instance.listeners()).containsExactly(read.relay()));
  }
}
