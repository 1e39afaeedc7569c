package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostEvent.AddressInUse;
import io.lvs4j.api.host.HostEvent.AddressRemoved;
import io.lvs4j.api.host.HostEvent.InterfaceChanged;
import io.lvs4j.api.host.HostEvent.MessageReceived;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import io.lvs4j.linux.netlink.Neighbour;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two real network namespaces with a cable between them; skipped where they can't be made. */
@Timeout(60)
class LinuxHostNetworkTest {
  private static final byte[] MESSAGE = {0x31, 51, (byte) 150, 1, 0, 100, 0x38, 0x22};
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
  private static final InetAddress OUR_ADDRESS = address("10.77.0.1");
  private static final InetAddress THEIR_ADDRESS = address("10.77.0.2");
  private static final InetAddress VIP = address("10.77.0.100");
  private static final InetAddress GROUP = address("224.0.0.18");

  private TwoHosts hosts;
  private LinuxHostNetwork ours;
  private LinuxHostNetwork theirs;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
    ours = in(hosts.here(), LinuxHostNetwork::open);
    theirs = in(hosts.there(), LinuxHostNetwork::open);
  }

  @AfterEach
  void disconnect() throws Exception {
    try (var all = hosts) {
      if (ours != null) {
        ours.close();
      }
      if (theirs != null) {
        theirs.close();
      }
    }
    assertThat(Descriptor.open()).as("descriptors left open").isEmpty();
  }

  // Adverts

  @Test
  void multicastAdvertsArriveWithSourceDestinationAndHopLimit() throws Exception {
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    var receiver = open(hosts.there(), theirs, multicast(THEIR_ADDRESS));

    sender.send(MESSAGE, GROUP);

    assertThat(next(theirs, MessageReceived.class))
        .isEqualTo(new MessageReceived(receiver, OUR_ADDRESS, GROUP, 255, MESSAGE));
    assertThat(ours.await(System.nanoTime())).as("our own adverts").isEmpty();
  }

  @Test
  void multicastAdvertsTravelOverIpv6FromTheLinkLocalAddress() throws Exception {
    var group = address("ff02::12");
    var ourLinkLocal = linkLocal(hosts.here(), ours);
    var theirLinkLocal = linkLocal(hosts.there(), theirs);
    var sender =
        open(hosts.here(), ours, VrrpChannelSettings.multicast("eth0", ourLinkLocal, group));
    var receiver =
        open(hosts.there(), theirs, VrrpChannelSettings.multicast("eth0", theirLinkLocal, group));

    sender.send(MESSAGE, group);

    assertThat(next(theirs, MessageReceived.class))
        .isEqualTo(new MessageReceived(receiver, ourLinkLocal, group, 255, MESSAGE));
    assertThat(ours.await(System.nanoTime())).as("our own adverts").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.77.0.1, 10.77.0.2", "2001:db8:77::1, 2001:db8:77::2"})
  void unicastAdvertsArriveAtThePeerWithTheHopLimitThatWasSet(String source, String peer)
      throws Exception {
    var sender =
        open(
            hosts.here(),
            ours,
            VrrpChannelSettings.unicast(Optional.of("eth0"), address(source), 255));
    var receiver =
        open(
            hosts.there(),
            theirs,
            VrrpChannelSettings.unicast(Optional.empty(), address(peer), 64));

    sender.send(MESSAGE, address(peer));
    assertThat(next(theirs, MessageReceived.class))
        .isEqualTo(new MessageReceived(receiver, address(source), address(peer), 255, MESSAGE));

    receiver.send(MESSAGE, address(source));
    assertThat(next(ours, MessageReceived.class).hopLimit()).isEqualTo(64);
  }

  @Test
  void multicastChannelsAreDeafToUnicast() throws Exception {
    var multicast = open(hosts.there(), theirs, multicast(THEIR_ADDRESS));
    var unicast =
        open(
            hosts.there(),
            theirs,
            VrrpChannelSettings.unicast(Optional.of("eth0"), THEIR_ADDRESS, 255));
    var sender =
        open(
            hosts.here(), ours, VrrpChannelSettings.unicast(Optional.of("eth0"), OUR_ADDRESS, 255));

    sender.send(MESSAGE, THEIR_ADDRESS);

    assertThat(next(theirs, MessageReceived.class).channel()).isSameAs(unicast);
    assertThat(theirs.await(System.nanoTime())).isEmpty();
    multicast.close();
  }

  @Test
  void whatArrivedIsReadBeforeAPassedDeadlineIsBelieved() throws Exception {
    open(hosts.there(), theirs, multicast(THEIR_ADDRESS));
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    long deadline = System.nanoTime();
    for (int i = 0; i < 600; i++) {
      sender.send(new byte[] {(byte) (i >> 8), (byte) i}, GROUP);
    }

    var heard = new ArrayList<Integer>();
    List<HostEvent> events;
    int calls = 0;
    while (!(events = theirs.await(deadline)).isEmpty()) {
      calls++;
      for (var event : events) {
        byte[] message = ((MessageReceived) event).message();
        heard.add((message[0] & 0xff) << 8 | (message[1] & 0xff));
      }
    }

    assertThat(heard).hasSize(600).isSorted();
    assertThat(calls).as("calls, for a flood must leave room").isGreaterThan(1);
  }

  @Test
  void closedChannelsAreHeardNoMore() throws Exception {
    var receiver = open(hosts.there(), theirs, multicast(THEIR_ADDRESS));
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    receiver.close();
    receiver.close();

    sender.send(MESSAGE, GROUP);

    assertThat(theirs.await(System.nanoTime())).isEmpty();
  }

  // Addresses

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
      assertThat(connects(claim.address(), server.getLocalPort())).isTrue();

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

  // Announcements

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

  // Interfaces

  @Test
  void interfacesAreReportedWhenTheyGoDownComeBackAndLoseTheirCarrier() throws Exception {
    var before = state(hosts.here(), ours);
    assertThat(before.isUp()).isTrue();
    assertThat(before.mtu()).isEqualTo(1500);
    assertThat(before.primaryIpv4()).contains(OUR_ADDRESS);

    ip(hosts.here(), "link set eth0 down");
    assertThat(
            next(ours, InterfaceChanged.class, event -> !event.state().orElseThrow().isUp())
                .state()
                .orElseThrow()
                .administrativelyUp())
        .isFalse();

    ip(hosts.here(), "link set eth0 up");
    next(ours, InterfaceChanged.class, event -> event.state().orElseThrow().isUp());

    ip(hosts.there(), "link set eth0 down");
    var state =
        next(ours, InterfaceChanged.class, event -> !event.state().orElseThrow().isUp())
            .state()
            .orElseThrow();
    assertThat(state.administrativelyUp()).isTrue();
    assertThat(state.carrier()).isFalse();
  }

  @Test
  void interfacesAreReportedWhenTheyGoAndComeAnew() throws Exception {
    int index = state(hosts.here(), ours).index();
    assertThat(in(hosts.here(), () -> ours.watch("eth1"))).isEmpty();

    ip(hosts.here(), "link delete eth0");
    assertThat(next(ours, InterfaceChanged.class, event -> event.state().isEmpty()))
        .isEqualTo(new InterfaceChanged("eth0", Optional.empty()));

    ip(hosts.here(), "link add eth0 type veth peer name peer0");
    assertThat(
            next(
                    ours,
                    InterfaceChanged.class,
                    event -> event.networkInterface().equals("eth0") && event.state().isPresent())
                .state()
                .orElseThrow()
                .index())
        .isNotEqualTo(index);

    ip(hosts.here(), "link add eth1 type veth peer name peer1");
    assertThat(next(ours, InterfaceChanged.class, event -> event.networkInterface().equals("eth1")))
        .isNotNull();
  }

  @Test
  void socketsOfInterfacesThatAreGoneAreClosed() throws Exception {
    inHere(() -> ours.claim(claim("10.77.0.100", 24)));
    inHere(() -> ours.claim(claim("2001:db8:77::100", 64)));
    assertThat(Descriptor.open())
        .contains("ARP socket on eth0", "neighbour discovery socket on eth0");

    ip(hosts.here(), "link delete eth0");

    assertThat(next(ours, AddressRemoved.class).claim()).isEqualTo(claim("2001:db8:77::100", 64));
    assertThat(Descriptor.open())
        .doesNotContain("ARP socket on eth0", "neighbour discovery socket on eth0");
    inHere(() -> ours.release(claim("10.77.0.100", 24)));
    assertThat(ours.await(System.nanoTime())).isEmpty();
  }

  @Test
  void claimedAddressesAreNotAmongThoseToSendFrom() throws Exception {
    reopen(AddressMechanism.REFRESHED_LIFETIME, Duration.ofSeconds(60));
    ip(hosts.here(), "address delete 10.77.0.1/24 dev eth0");
    inHere(() -> ours.claim(claim("10.77.0.100", 24)));
    assertThat(state(hosts.here(), ours).primaryIpv4()).isEmpty();

    ip(hosts.here(), "address add 10.77.0.3/24 dev eth0");

    var changed =
        next(ours, InterfaceChanged.class, event -> !addresses(event).isEmpty())
            .state()
            .orElseThrow();
    assertThat(changed.primaryIpv4()).contains(address("10.77.0.3"));
  }

  private static List<InetAddress> addresses(InterfaceChanged event) {
    return event.state().orElseThrow().addresses().stream()
        .filter(address -> address.getAddress().length == 4)
        .toList();
  }

  // Waiting

  @Test
  void wakingEndsTheWaitOfAnotherThread() throws Exception {
    var waker = Thread.ofVirtual().start(ours::wakeUp);

    assertThat(ours.await(System.nanoTime() + Duration.ofHours(1).toNanos())).isEmpty();

    waker.join();
  }

  @Test
  void wakingBeforeTheWaitEndsItOnce() throws Exception {
    ours.wakeUp();
    ours.wakeUp();

    assertThat(ours.await(System.nanoTime() + Duration.ofHours(1).toNanos())).isEmpty();
    long deadline = System.nanoTime() + Duration.ofMillis(50).toNanos();
    assertThat(ours.await(deadline)).isEmpty();
    assertThat(System.nanoTime() - deadline).as("time past the deadline").isNotNegative();
  }

  @Test
  void wakingAfterTheEndDoesNothing() {
    ours.close();
    ours.wakeUp();
    ours.close();
  }

  // Refusals

  @Test
  void missingInterfacesAreNamed() {
    assertThatThrownBy(() ->
            open(hosts.here(), ours, VrrpChannelSettings.multicast("eth9", OUR_ADDRESS, GROUP)))
        .hasMessage("open VRRP on eth9: no such interface in this network namespace");
    assertThatThrownBy(() -> inHere(() -> ours.claim(VirtualAddressClaim.of("eth9", VIP))))
        .hasMessageContaining("eth9: no such interface");
    assertThatThrownBy(() -> inHere(() -> ours.announce("eth9", VIP)))
        .hasMessageContaining("eth9: no such interface");
  }

  @Test
  void sourcesThatAreNotOfThisHostAreNamed() {
    assertThatThrownBy(() ->
            open(
                hosts.here(),
                ours,
                VrrpChannelSettings.unicast(Optional.of("eth0"), address("10.9.9.9"), 255)))
        .isInstanceOf(HostNetworkException.class)
        .hasMessage(
            "VRRP receive socket on eth0: bind to 10.9.9.9: EADDRNOTAVAIL"
                + " (this host has no such address)");
  }

  @Test
  void sendingOnAnInterfaceThatIsDownFailsWithTheReason() throws Exception {
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    ip(hosts.here(), "link set eth0 down");

    assertThatThrownBy(() -> sender.send(MESSAGE, GROUP))
        .isInstanceOf(HostNetworkException.class)
        .hasMessageStartingWith("send to 224.0.0.18 on eth0: E");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1.9S", "PT61M"})
  void lifetimesOutsideOfTheirRangeAreRefused(Duration lifetime) {
    assertThatThrownBy(() -> LinuxHostNetwork.builder().addressLifetime(lifetime))
        .hasMessage("address lifetime: " + lifetime + " (expected: PT2S-PT1H)");
  }

  private static VrrpChannelSettings multicast(InetAddress source) {
    return VrrpChannelSettings.multicast("eth0", source, GROUP);
  }

  private static VirtualAddressClaim claim(String literal, int prefixLength) {
    return new VirtualAddressClaim(
        "eth0",
        address(literal),
        prefixLength,
        Optional.empty(),
        VirtualAddressClaim.Scope.GLOBAL,
        true);
  }

  private static VrrpChannel open(
      NetworkNamespace host, LinuxHostNetwork network, VrrpChannelSettings settings)
      throws Exception {
    return in(host, () -> network.openVrrp(settings));
  }

  private static InterfaceState state(NetworkNamespace host, LinuxHostNetwork network)
      throws Exception {
    return in(host, () -> network.watch("eth0")).orElseThrow();
  }

  private static InetAddress linkLocal(NetworkNamespace host, LinuxHostNetwork network)
      throws Exception {
    await().atMost(LONG_ENOUGH).until(() -> state(host, network).linkLocalIpv6().isPresent());
    return state(host, network).linkLocalIpv6().orElseThrow();
  }

  private void reopen(AddressMechanism mechanism, Duration lifetime) throws Exception {
    ours.close();
    ours =
        in(
            hosts.here(),
            LinuxHostNetwork.builder().addressMechanism(mechanism).addressLifetime(lifetime)::open);
  }

  private interface Task {
    void run() throws Exception;
  }

  private void inHere(Task task) throws Exception {
    in(
        hosts.here(),
        () -> {
          task.run();
          return true;
        });
  }

  private static boolean announce(LinuxHostNetwork network, InetAddress address)
      throws HostNetworkException {
    network.announce("eth0", address);
    return true;
  }

  /** Returns the device that an address of ours is on. */
  private String device(String literal) throws Exception {
    return ip(hosts.here(), "-oneline address show to " + literal).split(" +")[1];
  }

  private List<Neighbour> neighbours() throws Exception {
    try (var route = in(hosts.there(), () -> RouteNetlink.open(new NativeKernel()))) {
      return route.neighbours();
    }
  }

  /** Says whether the other host reaches an address, asking the link for it anew. */
  private boolean connects(InetAddress address, int port) throws Exception {
    ip(hosts.there(), "neigh flush all");
    return in(
        hosts.there(),
        () -> {
          try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
          } catch (IOException unreachable) {
            return false;
          }
        });
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  private static <T extends HostEvent> T next(LinuxHostNetwork network, Class<T> kind)
      throws Exception {
    return next(network, kind, _ -> true);
  }

  private static <T extends HostEvent> T next(
      LinuxHostNetwork network, Class<T> kind, Predicate<T> which) throws Exception {
    long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
    var others = new ArrayList<HostEvent>();
    while (deadline - System.nanoTime() > 0) {
      for (var event : network.await(deadline)) {
        if (kind.isInstance(event) && which.test(kind.cast(event))) {
          return kind.cast(event);
        }
        others.add(event);
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " but " + others);
  }
}
