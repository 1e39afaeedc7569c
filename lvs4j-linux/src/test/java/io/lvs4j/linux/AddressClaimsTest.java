package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostEvent.AddressInUse;
import io.lvs4j.api.host.HostEvent.AddressRemoved;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that are claimed, removed behind our back, and announced. */
class AddressClaimsTest extends BetweenTwoHosts {
  @ParameterizedTest
  @CsvSource({
    "AUTOMATIC, 10.77.0.100, 24",
    "PROCESS_DEVICE, 10.77.0.100, 24",
    "REFRESHED_LIFETIME, 10.77.0.100, 24",
    "REFRESHED_LIFETIME, 10.77.0.100, 32",
    "AUTOMATIC, 2001:db8:77::100, 128",
    "AUTOMATIC, 2001:db8:77::100, 64"
  })
  void claimedAddressesAnswerOnTheLinkUntilTheyAreReleased(
      AddressMechanism mechanism, String literal, int prefixLength) throws Exception {
    reopen(mechanism, Duration.ofSeconds(3));
    var claim = claim(literal, prefixLength);
    try (var server = in(hosts.here(), () -> new ServerSocket(0))) {
      inHere(() -> ours.claim(claim));
      await().atMost(LONG_ENOUGH).until(() -> connects(claim.address(), server.getLocalPort()));

      inHere(() -> ours.release(claim));
      inHere(() -> ours.release(claim));

      assertThat(connects(claim.address(), server.getLocalPort())).isFalse();
    }
    assertThat(ours.await(System.nanoTime())).as("our own release").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PROCESS_DEVICE, 10.77.0.100, 24",
    "REFRESHED_LIFETIME, 10.77.0.100, 24",
    "REFRESHED_LIFETIME, 2001:db8:77::100, 64"
  })
  void removalBehindOurBackIsReportedOnceAndUndoneByAnotherClaim(
      AddressMechanism mechanism, String literal, int prefixLength) throws Exception {
    reopen(mechanism, Duration.ofSeconds(60));
    var claim = claim(literal, prefixLength);
    inHere(() -> ours.claim(claim));
    String device = device(literal);
    String prefix = mechanism == AddressMechanism.PROCESS_DEVICE ? "32" : "" + prefixLength;

    ip(hosts.here(), "address delete " + literal + "/" + prefix + " dev " + device);

    assertThat(next(ours, AddressRemoved.class).claim()).isEqualTo(claim);
    assertThat(ours.await(System.nanoTime())).isEmpty();
    assertThat(ip(hosts.here(), "address show")).doesNotContain(literal);

    inHere(() -> ours.claim(claim));
    assertThat(ip(hosts.here(), "address show dev " + device)).contains(literal);
    assertThat(ours.await(System.nanoTime())).isEmpty();
  }

  @Test
  void deletingTheProcessDeviceIsReportedAndUndoneByAnotherClaim() throws Exception {
    reopen(AddressMechanism.PROCESS_DEVICE, Duration.ofSeconds(3));
    var claim = claim("10.77.0.100", 24);
    inHere(() -> ours.claim(claim));

    ip(hosts.here(), "link delete " + device("10.77.0.100"));

    assertThat(next(ours, AddressRemoved.class).claim()).isEqualTo(claim);
    inHere(() -> ours.claim(claim));
    assertThat(device("10.77.0.100")).startsWith("lvs4j");
  }

  @ParameterizedTest
  @CsvSource({"10.77.0.100, 24", "2001:db8:77::100, 64"})
  void lifetimesAreRefreshedWhileTheOwnerWaitsAndEndWhenItStandsStill(
      String literal, int prefixLength) throws Exception {
    reopen(AddressMechanism.REFRESHED_LIFETIME, Duration.ofSeconds(2));
    var claim = claim(literal, prefixLength);
    inHere(() -> ours.claim(claim));

    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    assertThat(ours.await(deadline)).as("events during two and a half lifetimes").isEmpty();
    assertThat(ip(hosts.here(), "address show dev eth0")).contains(literal);

    await()
        .atMost(LONG_ENOUGH)
        .until(() -> !ip(hosts.here(), "address show dev eth0").contains(literal));
    assertThat(next(ours, AddressRemoved.class).claim()).isEqualTo(claim);
  }

  @Test
  void hostsThatIgnoreArpForOtherInterfacesGetTheLifetime() throws Exception {
    Callable<Path> ignore =
        () -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/eth0/arp_ignore"), "1");
    in(hosts.here(), ignore);
    inHere(() -> ours.claim(claim("10.77.0.100", 24)));
    assertThat(device("10.77.0.100")).isEqualTo("eth0");

    reopen(AddressMechanism.PROCESS_DEVICE, Duration.ofSeconds(3));
    assertThatThrownBy(() -> inHere(() -> ours.claim(claim("10.77.0.100", 24))))
        .isInstanceOf(HostNetworkException.class)
        .hasMessage(
            "claim 10.77.0.100/24 on eth0 on a process device:"
                + " net.ipv4.conf.eth0.arp_ignore: 1 (expected: 0)");
  }

  @Test
  void anAddressThatWasPreparedIsMovedWhenTheHostIgnoresArpByTheTimeItIsClaimed() throws Exception {
    var claim = claim("10.77.0.100", 24);
    inHere(() -> ours.prepare(claim));
    Callable<Path> ignore =
        () -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/eth0/arp_ignore"), "1");
    in(hosts.here(), ignore);
    inHere(() -> ours.claim(claim));

    Callable<List<HostEvent>> news = () -> ours.await(System.nanoTime());
    await()
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> {
          assertThat(in(hosts.here(), news)).as("the move is no news").isEmpty();
          assertThat(device("10.77.0.100")).isEqualTo("eth0");
        });
    assertThat(in(hosts.here(), news)).isEmpty();
    inHere(() -> ours.release(claim));
    assertThat(ip(hosts.here(), "address show")).doesNotContain("10.77.0.100");
  }

  @ParameterizedTest
  @CsvSource({"10.77.0.100, 32", "2001:db8:77::100, 128"})
  void announcementsTurnTheNeighboursToUs(String literal, int prefixLength) throws Exception {
    ip(hosts.there(), "neigh add " + literal + " lladdr 02:00:00:00:00:99 dev eth0 nud reachable");
    inHere(() -> ours.claim(claim(literal, prefixLength)));
    var us = state(hosts.here(), ours).hardwareAddress();

    inHere(() -> ours.announce("eth0", address(literal)));

    await()
        .atMost(LONG_ENOUGH)
        .until(() ->
            neighbours().stream()
                .filter(neighbour -> neighbour.address().equals(address(literal)))
                .anyMatch(neighbour -> neighbour.hardwareAddress().equals(us)));
  }

  @ParameterizedTest
  @CsvSource({"10.77.0.100, 24", "2001:db8:77::100, 128"})
  void anotherUserOfAClaimedAddressIsReported(String literal, int prefixLength) throws Exception {
    var claim = claim(literal, prefixLength);
    inHere(() -> ours.claim(claim));
    var them = state(hosts.there(), theirs).hardwareAddress().orElseThrow();

    in(hosts.there(), () -> announce(theirs, address("10.77.0.101")));
    in(hosts.there(), () -> announce(theirs, address("2001:db8:77::101")));
    in(hosts.there(), () -> announce(theirs, address(literal)));

    assertThat(next(ours, AddressInUse.class)).isEqualTo(new AddressInUse(claim, them));
    assertThat(ours.await(System.nanoTime())).as("addresses that nobody claimed").isEmpty();
    inHere(() -> ours.announce("eth0", address(literal)));
    assertThat(ours.await(System.nanoTime())).as("our own announcement").isEmpty();

    inHere(() -> ours.release(claim));
    in(hosts.there(), () -> announce(theirs, address(literal)));
    assertThat(ours.await(System.nanoTime())).as("after the release").isEmpty();
  }

  @Test
  void anOrdinaryQuestionFromAnotherUserOfAClaimedAddressIsReportedToo() throws Exception {
    var claim = claim("10.77.0.100", 24);
    inHere(() -> ours.claim(claim));
    var them = state(hosts.there(), theirs).hardwareAddress().orElseThrow();

    // Who asks for 10.77.0.55 says that it is 10.77.0.100.
    ip(hosts.there(), "address add 10.77.0.100/32 dev eth0");
    ip(hosts.there(), "route add 10.77.0.55 dev eth0 src 10.77.0.100");
    assertThat(connects(address("10.77.0.55"), 9)).isFalse();

    assertThat(next(ours, AddressInUse.class)).isEqualTo(new AddressInUse(claim, them));
  }

  @ParameterizedTest
  @CsvSource({
    "PROCESS_DEVICE, 10.77.0.100, true",
    "PROCESS_DEVICE, 10.77.0.100, false",
    "REFRESHED_LIFETIME, 2001:db8:77::100, true",
    "REFRESHED_LIFETIME, 2001:db8:77::100, false"
  })
  void addressesThatAreNotPreferredAreDeprecatedAsSources(
      AddressMechanism mechanism, String literal, boolean preferred) throws Exception {
    reopen(mechanism, Duration.ofSeconds(60));
    var whole = VirtualAddressClaim.of("eth0", address(literal));
    assertThat(whole.preferred()).isEqualTo(!literal.contains(":"));
    inHere(() ->
        ours.claim(
            new VirtualAddressClaim(
                "eth0",
                whole.address(),
                whole.prefixLength(),
                whole.label(),
                AddressScope.LINK,
                preferred)));

    String shown = ip(hosts.here(), "-oneline address show to " + literal);
    assertThat(shown.contains("deprecated")).isEqualTo(!preferred);
    assertThat(shown.contains("scope link") || literal.contains(":")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "AUTOMATIC, 10.62.217.1, 24, 10.62.217.50",
    "REFRESHED_LIFETIME, 10.62.217.1, 24, 10.62.217.50",
    "AUTOMATIC, 10.62.217.1, 31, 10.62.217.0",
    "AUTOMATIC, 2001:db8:62::1, 64, 2001:db8:62::50"
  })
  void anAddressDrawsItsNetworkWhereItsInterfaceIsNotInIt(
      AddressMechanism mechanism, String literal, int prefixLength, String neighbour)
      throws Exception {
    reopen(mechanism, Duration.ofSeconds(3));
    ip(
        hosts.there(),
        "address add " + neighbour + "/" + prefixLength + " dev eth0" + nodad(literal));
    var before = routes(literal);
    var claim = claim(literal, prefixLength);
    try (var server = in(hosts.here(), () -> new ServerSocket(0))) {
      inHere(() -> ours.claim(claim));

      await().atMost(LONG_ENOUGH).until(() -> connects(claim.address(), server.getLocalPort()));
      assertThat(ip(hosts.here(), "route get " + neighbour))
          .contains("dev eth0")
          .contains("src " + literal);
    }
    inHere(() -> ours.release(claim));
    await().atMost(LONG_ENOUGH).until(() -> routes(literal).equals(before));
  }

  /** For IPv6 also where the network was learnt, and would end with a claim's shorter lifetime. */
  @ParameterizedTest
  @CsvSource({
    "AUTOMATIC, 10.77.0.100, 24, ''",
    "REFRESHED_LIFETIME, 10.77.0.100, 24, ''",
    "AUTOMATIC, 2001:db8:77::100, 64, ''",
    "AUTOMATIC, fe80::100, 64, ''",
    "AUTOMATIC, 2001:db8:99::100, 64, 2001:db8:99::7/64"
  })
  void anAddressOfANetworkThatItsInterfaceIsInChangesNoRoute(
      AddressMechanism mechanism, String literal, int prefixLength, String learnt)
      throws Exception {
    if (!learnt.isEmpty()) {
      ip(
          hosts.here(),
          "address add " + learnt + " dev eth0 nodad valid_lft 3000 preferred_lft 3000");
    }
    reopen(mechanism, Duration.ofSeconds(2));
    var before = routes(literal);
    var claim = claim(literal, prefixLength);

    inHere(() -> ours.claim(claim));
    assertThat(routes(literal)).isEqualTo(before);
    in(hosts.here(), () -> ours.await(System.nanoTime() + Duration.ofSeconds(3).toNanos()));
    assertThat(routes(literal)).as("after refreshes").isEqualTo(before);
    inHere(() -> ours.release(claim));
    assertThat(routes(literal)).isEqualTo(before);
  }

  @Test
  void aNetworkOfSeveralAddressesIsThereOnceUntilTheLastIsReleased() throws Exception {
    var one = claim("10.62.217.1", 24);
    var two = claim("10.62.217.2", 24);
    inHere(() -> ours.claim(one));
    inHere(() -> ours.claim(two));
    assertThat(networks()).containsExactly("10.62.217.0/24 dev eth0 proto 112 src 10.62.217.1");

    inHere(() -> ours.release(one));
    assertThat(networks()).containsExactly("10.62.217.0/24 dev eth0 proto 112 src 10.62.217.2");

    inHere(() -> ours.release(two));
    assertThat(networks()).isEmpty();
  }

  @Test
  void aDrawnNetworkComesBackWithItsLinkAndGoesWhenTheInterfaceComesIntoIt() throws Exception {
    inHere(() -> ours.claim(claim("10.62.217.1", 24)));
    ip(hosts.here(), "link set eth0 down");
    ip(hosts.here(), "link set eth0 up");
    settled();
    assertThat(networks()).containsExactly("10.62.217.0/24 dev eth0 proto 112 src 10.62.217.1");

    ip(hosts.here(), "address add 10.62.217.9/24 dev eth0");
    settled();
    assertThat(networks()).containsExactly("10.62.217.0/24 dev eth0 proto kernel src 10.62.217.9");

    ip(hosts.here(), "address delete 10.62.217.9/24 dev eth0");
    settled();
    assertThat(networks()).containsExactly("10.62.217.0/24 dev eth0 proto 112 src 10.62.217.1");
  }

  /** One address of the kernel for two claims: with another prefix, or for another interface. */
  @ParameterizedTest
  @CsvSource({
    "PROCESS_DEVICE, 10.77.0.100, 24, 32",
    "PROCESS_DEVICE, 10.62.217.1, 24, 25",
    "REFRESHED_LIFETIME, 10.77.0.100, 24, 32",
    "REFRESHED_LIFETIME, 2001:db8:77::100, 64, 128"
  })
  void anAddressThatIsClaimedAnewWithAnotherPrefixStaysWhenTheOldClaimIsReleased(
      AddressMechanism mechanism, String literal, int oldPrefix, int newPrefix) throws Exception {
    reopen(mechanism, Duration.ofSeconds(60));
    inHere(() -> ours.claim(claim(literal, oldPrefix)));
    inHere(() -> ours.claim(claim(literal, newPrefix)));
    inHere(() -> ours.release(claim(literal, oldPrefix)));

    String shown = ip(hosts.here(), "-oneline address show to " + literal);
    int onHost = mechanism == AddressMechanism.PROCESS_DEVICE ? 32 : newPrefix;
    assertThat(shown.lines()).singleElement().asString().contains(literal + "/" + onHost);
    assertThat(ours.await(System.nanoTime())).as("nothing was removed").isEmpty();

    inHere(() -> ours.release(claim(literal, newPrefix)));
    assertThat(ip(hosts.here(), "address show")).doesNotContain(literal + "/");
  }

  @Test
  void oneAddressForTwoInterfacesStaysUntilBothAreReleased() throws Exception {
    ip(hosts.here(), "link add eth4 type veth peer name eth5");
    ip(hosts.here(), "link set eth4 up");
    for (var literal : List.of("10.77.0.100", "fe80::100")) {
      int prefix = literal.contains(":") ? 64 : 24;
      var here = claim(literal, prefix);
      var there =
          new VirtualAddressClaim(
              "eth4", here.address(), prefix, here.label(), here.scope(), here.preferred());
      inHere(() -> ours.claim(here));
      inHere(() -> ours.claim(there));
      assertThat(state(hosts.here(), ours).addresses()).doesNotContain(here.address());

      inHere(() -> ours.release(here));
      assertThat(ip(hosts.here(), "address show")).contains(literal + "/");
      assertThat(ours.await(System.nanoTime()))
          .filteredOn(AddressRemoved.class::isInstance)
          .isEmpty();

      inHere(() -> ours.release(there));
      assertThat(ip(hosts.here(), "address show")).doesNotContain(literal + "/");
    }
  }

  /** A claim on another interface says nothing of the host's own address on this one. */
  @Test
  void theHostsOwnAddressIsSeenWhereTheSameIsClaimedOnAnotherInterface() throws Exception {
    ip(hosts.here(), "link add eth4 type veth peer name eth5");
    ip(hosts.here(), "link set eth4 up");
    ip(hosts.here(), "address add fe80::100/64 dev eth0 nodad");
    inHere(() ->
        ours.claim(
            new VirtualAddressClaim(
                "eth4", address("fe80::100"), 64, Optional.empty(), AddressScope.GLOBAL, true)));

    assertThat(state(hosts.here(), ours).addresses()).contains(address("fe80::100"));
  }

  private void settled() throws Exception {
    Callable<List<HostEvent>> news = () -> ours.await(System.nanoTime());
    await().atMost(LONG_ENOUGH).until(() -> in(hosts.here(), news).isEmpty());
  }

  private static String nodad(String literal) {
    return literal.contains(":") ? " nodad" : "";
  }

  /**
   * Returns the routes of the family of an address, without the seconds that are left of them. The
   * kernel takes none that has expired, but keeps it for a while.
   */
  private String routes(String literal) throws Exception {
    String family = literal.contains(":") ? "-6 " : "-4 ";
    return ip(hosts.here(), family + "route show")
        .replaceAll(".* expires -\\d+sec .*\\R", "")
        .replaceAll("expires \\d{3,}sec", "expires later");
  }

  /** Returns the routes to the network that no interface is in by itself. */
  private List<String> networks() throws Exception {
    return ip(hosts.here(), "-4 route show")
        .lines()
        .filter(line -> line.startsWith("10.62.217."))
        .map(line -> line.replace("scope link ", "").replace("linkdown", "").strip())
        .toList();
  }
}
