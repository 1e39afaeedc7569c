package io.lvs4j.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.vrrp.AdvertError;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpCounters;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VrrpMetricsTest {
  private static final VirtualAddress ADDRESS = VirtualAddress.of("10.77.0.100/24");
  private static final VrrpCounters NONE =
      new VrrpCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile List<VrrpSnapshot> now =
      List.of(
          instance("VI_1", Optional.of("eth0"), VrrpState.BACKUP, 140, NONE),
          instance("VI_2", Optional.empty(), VrrpState.FAULT, 150, NONE));

  @Test
  void everyFigureIsReadFromTheSnapshotOfItsTime() {
    new VrrpMetrics(() -> now).bindTo(registry);
    assertThat(state("VI_1"))
        .isEqualTo(Map.of("init", 0.0, "backup", 1.0, "master", 0.0, "fault", 0.0, "stopped", 0.0));
    assertThat(counter("VI_1", "advert.sent")).isZero();

    now =
        List.of(
            instance(
                "VI_1",
                Optional.of("eth0"),
                VrrpState.MASTER,
                145,
                new VrrpCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, Map.of(AdvertError.TTL, 11L))),
            now.getLast());

    await().untilAsserted(() -> assertThat(counter("VI_1", "advert.sent")).isEqualTo(1));
    assertThat(state("VI_1")).containsEntry("master", 1.0).containsEntry("backup", 0.0);
    assertThat(state("VI_2")).containsEntry("fault", 1.0);
    assertThat(counter("VI_1", "advert.rcvd")).isEqualTo(2);
    assertThat(counter("VI_1", "become.master")).isEqualTo(3);
    assertThat(counter("VI_1", "release.master")).isEqualTo(4);
    assertThat(counter("VI_1", "pri.zero.sent")).isEqualTo(5);
    assertThat(counter("VI_1", "pri.zero.rcvd")).isEqualTo(6);
    assertThat(counter("VI_1", "announcements.sent")).isEqualTo(7);
    assertThat(counter("VI_1", "send.failures")).isEqualTo(8);
    assertThat(counter("VI_1", "addresses.restored")).isEqualTo(9);
    assertThat(counter("VI_1", "address.conflicts")).isEqualTo(10);
    assertThat(counter("VI_1", "transitions")).isEqualTo(12);
    assertThat(counter("VI_2", "advert.sent")).isZero();
    assertThat(gauge("VI_1", "priority")).isEqualTo(150);
    assertThat(gauge("VI_1", "priority.effective")).isEqualTo(145);
    assertThat(gauge("VI_1", "addresses.held")).isEqualTo(1);
    assertThat(gauge("VI_2", "addresses.held")).isZero();
  }

  @Test
  void everyReasonHasACounterFromTheStart() {
    now =
        List.of(
            instance(
                "VI_1",
                Optional.of("eth0"),
                VrrpState.BACKUP,
                150,
                new VrrpCounters(
                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(AdvertError.CHECKSUM, 11L))));
    new VrrpMetrics(() -> now).bindTo(registry);

    var byReason =
        registry.get("lvs4j.vrrp.advert.errors").functionCounters().stream()
            .collect(
                Collectors.toMap(
                    each -> each.getId().getTag("reason"), each -> (long) each.count()));
    assertThat(byReason)
        .hasSize(AdvertError.values().length)
        .containsEntry("chk_err", 11L)
        .containsEntry("ip_ttl_err", 0L)
        .containsEntry("packet_len_err", 0L)
        .containsEntry("addr_list_err", 0L)
        .containsEntry("auth_failure", 0L);
  }

  @Test
  void tagsAreOfTheConfigurationOnly() {
    new VrrpMetrics(() -> now).bindTo(registry);

    assertThat(
            registry.getMeters().stream()
                .map(Meter::getId)
                .map(id ->
                    id.getTag("vrrp.instance")
                        + " "
                        + id.getTag("interface")
                        + " "
                        + id.getTag("virtual.router.id"))
                .distinct())
        .containsExactlyInAnyOrder("VI_1 eth0 51", "VI_2 none 51");
    assertThat(registry.getMeters()).allMatch(each -> each.getId().getTags().size() <= 4);
  }

  @Test
  void anInstanceThatIsGoneHasNoFigures() {
    new VrrpMetrics(() -> now).bindTo(registry);
    now = List.of();

    await().untilAsserted(() -> assertThat(gauge("VI_1", "priority")).isNaN());
  }

  private Map<String, Double> state(String instance) {
    return Arrays.stream(VrrpState.values())
        .map(state -> state.name().toLowerCase(Locale.ROOT))
        .collect(
            Collectors.toMap(
                state -> state,
                state ->
                    registry
                        .get("lvs4j.vrrp.state")
                        .tag("vrrp.instance", instance)
                        .tag("state", state)
                        .gauge()
                        .value()));
  }

  private double counter(String instance, String name) {
    return registry
        .get("lvs4j.vrrp." + name)
        .tag("vrrp.instance", instance)
        .functionCounter()
        .count();
  }

  private double gauge(String instance, String name) {
    return registry.get("lvs4j.vrrp." + name).tag("vrrp.instance", instance).gauge().value();
  }

  private static VrrpSnapshot instance(
      String name,
      Optional<String> networkInterface,
      VrrpState state,
      int effectivePriority,
      VrrpCounters counters) {
    return new VrrpSnapshot(
        name,
        networkInterface,
        new VirtualRouterId(51),
        VrrpVersion.V3,
        Optional.empty(),
        state,
        "a test",
        Instant.EPOCH,
        new Priority(150),
        new Priority(effectivePriority),
        List.of(ADDRESS),
        state == VrrpState.MASTER ? List.of(ADDRESS) : List.of(),
        Optional.empty(),
        12,
        counters);
  }
}
