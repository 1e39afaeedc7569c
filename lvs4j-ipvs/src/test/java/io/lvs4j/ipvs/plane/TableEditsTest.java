package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which edits make a service what it should be. */
class TableEditsTest {
  private static final ServiceKey KEY = ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.1"), 80);
  private static final IpvsService WLC = IpvsService.of(KEY, "wlc");
  private static final IpvsDestination A = server(1);
  private static final IpvsDestination B = server(2);
  private static final IpvsDestination C = server(3);

  private static IpvsDestination server(int number) {
    return IpvsDestination.of(
        InetAddress.ofLiteral("10.0.1." + number), 80, IpvsForwarding.masquerade());
  }

  private static DesiredService desired(IpvsDestination... servers) {
    return DesiredService.of(WLC, List.of(servers));
  }

  private static ActualService actual(IpvsDestination... newestFirst) {
    return new ActualService(WLC, List.of(newestFirst));
  }

  @Test
  void whatIsRightIsNotTouchedWhateverItsOrder() {
    assertThat(TableEdits.between(actual(B, A), desired(A, B))).isEmpty();
    assertThat(TableEdits.between(actual(A, B), desired(A, B))).isEmpty();
  }

  @Test
  void aServiceThatIsNotThereIsAddedWithItsServersInOrder() {
    assertThat(TableEdits.between(null, desired(A, B)))
        .containsExactly(
            new IpvsChange.AddService(WLC),
            new IpvsChange.AddDestination(KEY, A),
            new IpvsChange.AddDestination(KEY, B));
  }

  @Test
  void whatIsOtherIsChangedInPlaceAndAdditionsComeFirst() {
    assertThat(TableEdits.between(actual(B.withWeight(7), A), desired(B, C)))
        .containsExactly(
            new IpvsChange.AddDestination(KEY, C),
            new IpvsChange.SetDestination(KEY, B),
            new IpvsChange.DeleteDestination(KEY, A.key()));
    var sticky = WLC.withPersistence(Duration.ofMinutes(6));
    assertThat(TableEdits.between(actual(A), DesiredService.of(sticky, List.of(A))))
        .containsExactly(new IpvsChange.SetService(sticky));
  }

  @Test
  void aServerOfThisHostIsWhatTheKernelMakesOfIt() {
    var local = new IpvsDestination(A.key(), new IpvsForwarding.LocalNode(), A.weight(), 0, 0);
    assertThat(TableEdits.between(actual(local), desired(A))).isEmpty();
    assertThat(TableEdits.between(actual(local.withWeight(2)), desired(A))).hasSize(1);
  }

  @Test
  void aStepLeavesAloneWhatItIsNotAbout() {
    var before = desired(A, B);
    var foreign = actual(C, B.withWeight(9), A);
    assertThat(TableEdits.between(before, desired(A.withWeight(0), B), foreign))
        .containsExactly(new IpvsChange.SetDestination(KEY, A.withWeight(0)));
    assertThat(TableEdits.between(before, desired(B), foreign))
        .containsExactly(new IpvsChange.DeleteDestination(KEY, A.key()));
    assertThat(TableEdits.between(before, desired(A.withWeight(0), B), actual(B)))
        .as("somebody has deleted it")
        .containsExactly(new IpvsChange.AddDestination(KEY, A.withWeight(0)));
  }

  /** 2,000 pairs of a table and what it should be. */
  @Test
  void theEditsLeadThereAreTheFewestAndBreakNoSurvivor() {
    long seed = Long.getLong("lvs4j.seed", new SplittableRandom().nextLong() >>> 1);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      var wanted = DesiredService.of(settings(random), servers(random));
      var found =
          random.nextInt(8) == 0 ? null : new ActualService(settings(random), servers(random));
      check(seed, found, wanted);
    }
  }

  private static IpvsService settings(SplittableRandom random) {
    var service = IpvsService.of(KEY, List.of("rr", "wlc").get(random.nextInt(2)));
    return random.nextBoolean() ? service : service.withPersistence(Duration.ofSeconds(60));
  }

  private static List<IpvsDestination> servers(SplittableRandom random) {
    var servers = new LinkedHashMap<DestinationKey, IpvsDestination>();
    for (int i = random.nextInt(9); i > 0; i--) {
      var server =
          server(1 + random.nextInt(10))
              .withWeight(random.nextInt(3))
              .withThresholds(2, random.nextInt(2));
      servers.putIfAbsent(server.key(), server);
    }
    var shuffled = new ArrayList<>(servers.values());
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled;
  }

  private static void check(long seed, @Nullable ActualService found, DesiredService wanted) {
    var edits = TableEdits.between(found, wanted);
    var hint = "repeat with -Dlvs4j.seed=" + seed + ": from " + found + " to " + wanted;
    var table = new MemoryTable();
    if (found != null) {
      table.put(found.service(), found.destinations().reversed().toArray(IpvsDestination[]::new));
    }
    edits.forEach(table::edit);
    var after = table.content().get(KEY);
    assertThat(after).as(hint).isNotNull();
    assertThat(after.service()).as(hint).isEqualTo(wanted.service());
    assertThat(after.byKey()).as(hint).isEqualTo(wanted.destinations());
    assertThat(edits).as(hint).hasSize(fewest(found, wanted));
    var before = found == null ? new HashSet<DestinationKey>() : found.byKey().keySet();
    var deleted =
        edits.stream()
            .filter(IpvsChange.DeleteDestination.class::isInstance)
            .map(each -> ((IpvsChange.DeleteDestination) each).destination())
            .collect(Collectors.toSet());
    assertThat(deleted).as(hint).noneMatch(wanted.destinations()::containsKey);
    var added =
        wanted.destinations().keySet().stream().filter(key -> !before.contains(key)).toList();
    assertThat(after.destinations().stream().map(IpvsDestination::key).limit(added.size()))
        .as("the kernel begins with the last, " + hint)
        .containsExactlyElementsOf(added.reversed());
  }

  /** Counts by the definition: an edit for each thing that is other. */
  private static int fewest(@Nullable ActualService found, DesiredService wanted) {
    if (found == null) {
      return 1 + wanted.destinations().size();
    }
    var keys = new HashSet<>(wanted.destinations().keySet());
    keys.addAll(found.byKey().keySet());
    long servers =
        keys.stream()
            .filter(key -> {
              var there = found.byKey().get(key);
              var should = wanted.destinations().get(key);
              return there == null || !there.equals(should);
            })
            .count();
    return (int) servers + (found.service().equals(wanted.service()) ? 0 : 1);
  }
}
