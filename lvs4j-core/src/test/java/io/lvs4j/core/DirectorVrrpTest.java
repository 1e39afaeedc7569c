package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A director and the VRRP of its host: threads that end, and instances that a reload changes. */
@Timeout(120)
class DirectorVrrpTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  private final HttpBackend backend = new HttpBackend("one");
  private final LoneHost host = new LoneHost();
  private final int port = HttpBackend.freePort();
  private final List<LoopSnapshot> ended = new CopyOnWriteArrayList<>();
  private Optional<Director> open = Optional.empty();

  @AfterEach
  void close() {
    open.ifPresent(Director::close);
    backend.close();
  }

  /** The owner of its address is master at once. */
  private static VrrpInstance.Builder owner(String name, int id, String... addresses) {
    var builder =
        VrrpInstance.builder(name)
            .networkInterface("eth0")
            .virtualRouterId(id)
            .version(VrrpVersion.V3)
            .priority(255);
    for (var address : addresses) {
      builder.virtualAddress(address);
    }
    return builder;
  }

  private VirtualServer at(String address) {
    return VirtualServer.tcp(address, port)
        .healthCheck(HealthCheck.tcp())
        .realServer("127.0.0.1", backend.port())
        .build();
  }

  private Director started(List<VirtualServer> servers, VrrpInstance... instances) {
    var builder =
        Director.builder()
            .hostNetwork(host)
            .listener(
                new DirectorListener() {
                  @Override
                  public void onEvent(DirectorEvent event) {}

                  @Override
                  public void onLoopEnded(LoopSnapshot loop) {
                    ended.add(loop);
                  }
                });
    servers.forEach(builder::virtualServer);
    List.of(instances).forEach(builder::vrrp);
    var director = builder.build();
    open = Optional.of(director);
    director.start();
    return director;
  }

  private List<String> held() {
    return host.held.stream()
        .map(VirtualAddressClaim::address)
        .map(InetAddress::getHostAddress)
        .sorted()
        .toList();
  }

  private static List<String> served(Director director) {
    return director.snapshot().virtualServers().stream()
        .map(each -> each.id() + (each.serving() ? " serving" : ""))
        .sorted()
        .toList();
  }

  private void awaitServed(Director director, String address) {
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(
            () -> assertThat(served(director)).contains(address + ":" + port + "/tcp serving"));
  }

  @Test
  void aRouterThatIsBrokenForGoodEndsTheDirectorsRunningAndIsToldOf() {
    var director = started(List.of(at("127.0.0.9")), owner("VI_1", 51, "127.0.0.9").build());
    awaitServed(director, "127.0.0.9");
    assertThat(director.snapshot().loops())
        .extracting(LoopSnapshot::name)
        .contains("lvs4j-engine", "lvs4j-vrrp", "lvs4j-health");
    assertThat(director.loops()).allMatch(LoopSnapshot::alive);

    host.bug = Optional.of(new Exception("a checked one that nobody declares"));
    await().dontCatchUncaughtExceptions().atMost(LONG_ENOUGH).until(() -> !ended.isEmpty());
    assertThat(ended).singleElement().extracting(LoopSnapshot::name).isEqualTo("lvs4j-vrrp");
    assertThat(director.isRunning()).isFalse();
    assertThat(director.vrrp("VI_1").state()).isIn(VrrpState.FAULT, VrrpState.STOPPED);
    await().atMost(LONG_ENOUGH).until(() -> host.held.isEmpty());
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> assertThat(served(director)).noneMatch(s -> s.endsWith("serving")));
    assertThat(director.snapshot().loops())
        .filteredOn(loop -> !loop.alive())
        .extracting(LoopSnapshot::name)
        .containsExactly("lvs4j-vrrp");

    host.bug = Optional.empty();
    director.stop();
    director.start();
    assertThat(director.isRunning()).isTrue();
    assertThat(director.loops()).isNotEmpty().allMatch(LoopSnapshot::alive);
    awaitServed(director, "127.0.0.9");
  }

  @Test
  void aRouterThatIsClosedOrReplacedIsNoThreadThatHasEnded() throws Exception {
    var instance = owner("VI_1", 51, "127.0.0.9").releaseAtOnce().build();
    var director = started(List.of(at("127.0.0.9")), instance);
    var dead = new CopyOnWriteArrayList<LoopSnapshot>();
    var over = new AtomicBoolean();
    var looker =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                director.loops().stream().filter(loop -> !loop.alive()).forEach(dead::add);
              }
            });
    for (int round = 0; round < 30; round++) {
      director.vrrp(List.of(), List.of());
      assertThat(director.loops()).extracting(LoopSnapshot::name).doesNotContain("lvs4j-vrrp");
      director.vrrp(List.of(instance), List.of());
      assertThat(director.loops()).extracting(LoopSnapshot::name).contains("lvs4j-vrrp");
    }
    director.stop();
    over.set(true);
    looker.join();
    assertThat(dead).extracting(LoopSnapshot::name).doesNotContain("lvs4j-vrrp", "lvs4j-health");
    assertThat(ended).isEmpty();
  }

  @Test
  void aVirtualServerIsServedWhileAnyInstanceOfItsAddressIsMaster() {
    var second = owner("VI_2", 52, "127.0.0.9");
    var third = owner("VI_3", 53, "127.0.0.9");
    // The first one waits for a master of its own for two minutes.
    var director =
        started(
            List.of(at("127.0.0.9")),
            VrrpInstance.builder("VI_1")
                .networkInterface("eth0")
                .virtualRouterId(51)
                .version(VrrpVersion.V3)
                .priority(1)
                .advertisementInterval(Duration.ofSeconds(40))
                .virtualAddress("127.0.0.9")
                .build(),
            second.build());
    awaitServed(director, "127.0.0.9");
    assertThat(director.vrrp("VI_1").state()).isEqualTo(VrrpState.BACKUP);

    director.reconfigure(
        List.of(at("127.0.0.9")), List.of(third.build(), second.build()), List.of());
    awaitServed(director, "127.0.0.9");
    director.vrrp(List.of(third.build()), List.of());
    awaitServed(director, "127.0.0.9");
    director.vrrp(List.of(), List.of());
    awaitServed(director, "127.0.0.9");
  }

  @Test
  void aReloadOfInstancesIsInForceAsAWhole() {
    var director =
        started(
            List.of(at("127.0.0.9"), at("127.0.0.10")),
            owner("VI_1", 51, "127.0.0.9", "127.0.0.10").build());
    awaitServed(director, "127.0.0.10");

    // One address moves to an instance that is new, one comes and one goes.
    director.reconfigure(
        List.of(at("127.0.0.10"), at("127.0.0.11")),
        List.of(owner("VI_1", 51, "127.0.0.11").build(), owner("VI_2", 52, "127.0.0.10").build()),
        List.of());
    awaitServed(director, "127.0.0.10");
    awaitServed(director, "127.0.0.11");
    assertThat(served(director)).hasSize(2);
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> assertThat(held()).containsExactly("127.0.0.10", "127.0.0.11"));
    assertThat(director.vrrp()).extracting(VrrpSnapshot::name).containsExactly("VI_1", "VI_2");

    director.reconfigure(List.of(at("127.0.0.11")), List.of(), List.of());
    assertThat(director.vrrp()).isEmpty();
    assertThat(held()).isEmpty();
    awaitServed(director, "127.0.0.11");
  }

  @Test
  void aReloadThatTheHostRefusesLeavesInstancesAddressesAndVirtualServersAsTheyWere()
      throws IOException {
    var before = List.of(at("127.0.0.9"));
    var director =
        started(
            before,
            owner("VI_1", 51, "127.0.0.9").build(),
            owner("VI_2", 52, "127.0.0.12").build());
    awaitServed(director, "127.0.0.9");
    // What moves is served when its address is there, after the instances have changed.
    var after = List.of(at("127.0.0.9"), at("127.0.0.10"), at("127.0.0.11"));
    var instances =
        List.of(
            owner("VI_1", 51, "127.0.0.10").build(),
            owner("VI_3", 53, "127.0.0.9", "127.0.0.11").build());
    try (var taken = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.11"))) {
      assertThatThrownBy(() -> director.reconfigure(after, instances, List.of()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("127.0.0.11:" + taken.getLocalPort())
          .hasNoSuppressedExceptions();
    }
    assertUnchanged(director);

    host.refused = "eth7";
    assertThatThrownBy(() ->
            director.reconfigure(
                List.of(at("127.0.0.9"), at("127.0.0.13")),
                List.of(
                    owner("VI_1", 51, "127.0.0.10").build(),
                    owner("VI_3", 53, "127.0.0.11").networkInterface("eth7").build()),
                List.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("watch eth7: ENOBUFS")
        .hasNoSuppressedExceptions();
    assertUnchanged(director);

    director.reconfigure(after, instances, List.of());
    for (var address : List.of("127.0.0.9", "127.0.0.10", "127.0.0.11")) {
      awaitServed(director, address);
    }
    assertThat(held()).containsExactly("127.0.0.10", "127.0.0.11", "127.0.0.9");
  }

  @Test
  void aFirstInstanceThatTheHostRefusesLeavesTheDirectorWithoutVrrp() throws IOException {
    var director = started(List.of(at("127.0.0.9")));
    awaitServed(director, "127.0.0.9");
    try (var _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.11"))) {
      assertThatThrownBy(() ->
              director.reconfigure(
                  List.of(at("127.0.0.9"), at("127.0.0.11")),
                  List.of(owner("VI_1", 51, "127.0.0.11", "127.0.0.9").build()),
                  List.of()))
          .isInstanceOf(StartException.class);
    }
    assertThat(director.vrrp()).isEmpty();
    assertThat(held()).isEmpty();
    // The engine hears of the instance's end behind the refusal.
    awaitServed(director, "127.0.0.9");
    assertThat(served(director)).hasSize(1);
    assertThat(director.isRunning()).isTrue();
  }

  private void assertUnchanged(Director director) {
    assertThat(director.vrrp()).extracting(VrrpSnapshot::name).containsExactly("VI_1", "VI_2");
    awaitServed(director, "127.0.0.9");
    assertThat(served(director)).hasSize(1);
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> assertThat(held()).containsExactly("127.0.0.12", "127.0.0.9"));
    assertThat(director.vrrp()).extracting(VrrpSnapshot::state).containsOnly(VrrpState.MASTER);
    assertThat(director.isRunning()).isTrue();
  }
}
