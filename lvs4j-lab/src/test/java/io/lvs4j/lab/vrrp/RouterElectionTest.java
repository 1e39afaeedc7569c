package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two routers on two hosts of one link, and a third host that looks for the virtual address. */
@Timeout(60)
class RouterElectionTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
  private static final String VIP = "10.88.0.100";

  private final List<VrrpEvent> events = new CopyOnWriteArrayList<>();
  private RouterHosts hosts;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(RouterHosts.obstacle().isEmpty(), RouterHosts.obstacle());
    hosts = RouterHosts.connect(3);
  }

  @AfterEach
  void disconnect() throws Exception {
    if (hosts != null) {
      hosts.close();
    }
  }

  private VrrpInstance instance(int priority) {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .advertisementInterval(Duration.ofMillis(100))
        .priority(priority)
        .virtualAddress(VIP + "/24")
        .build();
  }

  private VrrpRouter start(int host, int priority) throws Exception {
    return hosts.in(
        host,
        () -> {
          var router =
              VrrpRouter.builder()
                  .instance(instance(priority))
                  .listener(
                      new VrrpListener() {
                        @Override
                        public void onEvent(VrrpEvent event) {
                          events.add(event);
                        }
                      })
                  .build();
          router.start();
          return router;
        });
  }

  private static VrrpState state(VrrpRouter router) {
    return router.snapshot("VI_1").orElseThrow().state();
  }

  @Test
  void theStrongerHoldsTheAddressAndTheOtherTakesOver() throws Exception {
    try (var here = hosts.in(1, () -> new ServerSocket(8080));
        var there = hosts.in(2, () -> new ServerSocket(8080));
        var backup = start(2, 100)) {
      var master = start(1, 150);
      try (master) {
        await().atMost(LONG_ENOUGH).until(() -> state(master) == VrrpState.MASTER);
        await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.BACKUP);
        assertThat(hosts.holders(VIP)).containsExactly(1);
        await().atMost(LONG_ENOUGH).until(() -> hosts.connects(3, VIP, 8080));
        assertThat(backup.snapshot().getFirst().master())
            .contains(InetAddress.ofLiteral("10.88.0.1"));
      }
      assertThat(hosts.holders(VIP)).doesNotContain(1);
      assertThat(state(master)).isEqualTo(VrrpState.STOPPED);
      await().atMost(LONG_ENOUGH).until(() -> state(backup) == VrrpState.MASTER);
      assertThat(hosts.holders(VIP)).containsExactly(2);
      assertThat(hosts.connects(3, VIP, 8080)).isTrue();
      var counters = backup.snapshot().getFirst().counters();
      assertThat(counters.priorityZeroReceived()).isOne();
      assertThat(counters.errors()).isEmpty();
      assertThat(events).anyMatch(event -> event instanceof VrrpEvent.Stopped);
    }
    assertThat(hosts.holders(VIP)).isEmpty();
  }
}
