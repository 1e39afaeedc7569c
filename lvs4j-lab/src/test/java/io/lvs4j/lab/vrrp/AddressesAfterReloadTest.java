package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/**
 * A router on a real network stack that is given one configuration after the other: the host has
 * the addresses of the masters then, and no others.
 */
@Execution(CONCURRENT)
@Timeout(180)
class AddressesAfterReloadTest {
  private static final int RELOADS = 12;
  private static final int IPV4 = 60;
  private static final int IPV6 = 70;
  private static final int EACH = 3;
  private static final int POOL = 5;
  private static final Announcements ONCE =
      Announcements.defaults().repeat(1).delay(Duration.ZERO).refresh(Duration.ZERO, 1);

  /** What an instance is to have, and whether it becomes master; the rest is always the same. */
  private record Plan(int id, boolean master, List<VirtualAddress> addresses) {
    VrrpInstance instance() {
      var builder =
          VrrpInstance.builder("VI_" + id)
              .networkInterface(Host.CARD)
              .virtualRouterId(id)
              .version(VrrpVersion.V3)
              .announcements(ONCE)
              .virtualAddress(id < IPV6 ? "10.77.1." + id + "/24" : "fe80::" + id + "/64")
              // An owner is master at once, and the others wait for longer than this takes.
              .priority(master ? 255 : 1)
              .advertisementInterval(Duration.ofSeconds(master ? 1 : 40));
      addresses.forEach(builder::excludedAddress);
      return builder.build();
    }

    Plan having(List<VirtualAddress> others) {
      return new Plan(id, master, others);
    }
  }

  @RepeatedTest(3)
  void theHostHasTheAddressesOfTheMastersAndNoOthers() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    long seed = Long.getLong("lvs4j.seed", System.nanoTime());
    var random = new Random(seed);
    try (var network = LabNetwork.of("a")) {
      network.backLink("a");
      var host = network.host("a");
      var own = addresses(host);
      var plans = plans(random);
      try (var router = started(host, plans)) {
        assertHeld(host, own, router, plans, "at the start, -Dlvs4j.seed=" + seed);
        for (int reload = 1; reload <= RELOADS; reload++) {
          plans =
              switch (reload % 3) {
                case 0 -> turned(plans, EACH);
                case 1 -> turned(plans, 2);
                default -> plans(random);
              };
          router.reconfigure(instances(plans), List.of());
          assertHeld(host, own, router, plans, "after reload " + reload + ", -Dlvs4j.seed=" + seed);
        }
      }
      assertThat(addresses(host)).as("at the end, -Dlvs4j.seed=%d", seed).isEqualTo(own);
    }
  }

  private static List<Plan> plans(Random random) {
    var plans = new ArrayList<Plan>();
    for (int first : List.of(IPV4, IPV6)) {
      for (int id = first; id < first + EACH; id++) {
        if (id == first || random.nextInt(5) > 0) {
          plans.add(new Plan(id, random.nextInt(4) > 0, some(first, random)));
        }
      }
    }
    return plans;
  }

  private static List<VirtualAddress> some(int family, Random random) {
    var chosen = new ArrayList<VirtualAddress>();
    var seen = new HashSet<Integer>();
    for (int i = random.nextInt(POOL); i > 0; i--) {
      int number = random.nextInt(POOL);
      if (seen.add(number)) {
        // The last ones of each pool are on the other card.
        var address =
            VirtualAddress.of(
                family == IPV4
                    ? "10.77.0.10" + number + "/24"
                    : "2001:db8:77::10" + number + "/64");
        chosen.add(number < POOL - 2 ? address : address.on(Host.BACK_CARD));
      }
    }
    return chosen;
  }

  /** The first instances of each family hand on what they have: two swap, three make a ring. */
  private static List<Plan> turned(List<Plan> plans, int size) {
    var turned = new ArrayList<Plan>();
    for (int first : List.of(IPV4, IPV6)) {
      var family =
          plans.stream().filter(plan -> plan.id() >= first && plan.id() < first + EACH).toList();
      var addresses = new ArrayList<>(family.stream().map(Plan::addresses).toList());
      Collections.rotate(addresses.subList(0, Math.min(size, addresses.size())), 1);
      for (int i = 0; i < family.size(); i++) {
        turned.add(family.get(i).having(addresses.get(i)));
      }
    }
    return turned;
  }

  private static List<VrrpInstance> instances(List<Plan> plans) {
    return plans.stream().map(Plan::instance).toList();
  }

  private static VrrpRouter started(Host host, List<Plan> plans) {
    return host.call(() -> {
      var builder = VrrpRouter.builder();
      instances(plans).forEach(builder::instance);
      var router = builder.build();
      router.start();
      return router;
    });
  }

  private static void assertHeld(
      Host host, Set<String> own, VrrpRouter router, List<Plan> plans, String when) {
    var expected = new TreeSet<>(own);
    for (var instance : instances(plans)) {
      var state = router.snapshot(instance.name()).orElseThrow().state();
      if (state == VrrpState.MASTER) {
        instance.allAddresses().stream()
            .map(each ->
                text(
                    each.networkInterface().orElse(Host.CARD),
                    each.address().getHostAddress().replaceFirst("(:0)+:", "::")
                        + "/"
                        + each.prefixLength()))
            .forEach(expected::add);
      }
    }
    assertThat(addresses(host)).as(when).isEqualTo(expected);
  }

  /**
   * Returns what is compared: IPv4 addresses are on a device of the router's own, without a
   * network; where they are, and with which network, is not for this test.
   */
  private static String text(String device, String address) {
    return address.contains(":") ? device + " " + address : address.replaceFirst("/.*", "");
  }

  /**
   * Returns all addresses that the host has, but for the one that comes with the router's device.
   */
  private static Set<String> addresses(Host host) {
    return host.ip("-oneline address show")
        .lines()
        .map(line -> line.trim().split("\\s+", 5))
        .filter(fields -> !(fields[1].startsWith("lvs4j") && fields[2].equals("inet6")))
        .map(fields -> text(fields[1], fields[3]))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
