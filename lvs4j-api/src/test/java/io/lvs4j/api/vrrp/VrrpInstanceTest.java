package io.lvs4j.api.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VrrpInstanceTest {
  private static VrrpInstance.Builder valid() {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .priority(150)
        .virtualAddress("192.168.0.200/24");
  }

  @Test
  void theShortFormHasKeepalivedsDefaults() {
    var instance = valid().build();

    assertThat(instance.version()).isEqualTo(VrrpVersion.V2);
    assertThat(instance.advertisementInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(instance.isPreempting()).isTrue();
    assertThat(instance.downTimerAdverts()).isEqualTo(3);
    assertThat(instance.announcements().repeat()).isEqualTo(5);
    assertThat(instance.announcements().delay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(instance.checksum()).isEqualTo(ChecksumDialect.KEEPALIVED);
    assertThat(instance.warnings()).isEmpty();
    assertThat(instance).isEqualTo(valid().build());
  }

  @Test
  void whatHealsAPartitionIsOnUnlikeInKeepalived() {
    var instance = valid().build();

    assertThat(instance.isAdvertisingBeforeSteppingDown()).isTrue();
    assertThat(instance.announcements().refresh()).isEqualTo(Duration.ofSeconds(1));
    assertThat(instance.isStallGuarded()).isTrue();
  }

  @Test
  void ipv6MakesItVersion3() {
    var instance =
        VrrpInstance.builder("VI_6")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .virtualAddress("fe80::100")
            .virtualAddress("2001:db8::100/64")
            .build();

    assertThat(instance.version()).isEqualTo(VrrpVersion.V3);
    assertThat(instance.family()).isEqualTo(AddressFamily.IPV6);
    assertThat(instance.virtualAddresses().getFirst()).hasToString("fe80::100/128");
  }

  static Arguments wrong(String problem, UnaryOperator<VrrpInstance.Builder> change) {
    return Arguments.of(problem, change);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        wrong(
            "priority: 300 (expected: 1-254, or 255 for the address owner)", b -> b.priority(300)),
        wrong("priority: 0 (expected: 1-254, or 255 for the address owner)", b -> b.priority(0)),
        wrong("virtual router id: 0 (expected: 1-255)", b -> b.virtualRouterId(0)),
        wrong(
            "network interface: eth0/1 (expected: 1 to 15 characters without blanks, slashes and"
                + " colons)",
            b -> b.networkInterface("eth0/1")),
        wrong(
            "advertisement interval: 100ms (expected: whole seconds from 1s to 255s in VRRPv2;"
                + " VRRPv3 has hundredths)",
            b -> b.advertisementInterval(Duration.ofMillis(100))),
        wrong(
            "advertisement interval: 15ms (expected: hundredths of a second from 10ms to"
                + " 40.95s in VRRPv3)",
            b -> b.version(VrrpVersion.V3).advertisementInterval(Duration.ofMillis(15))),
        wrong(
            "virtual address: example.org (expected: an IPv4 or IPv6 address)",
            b -> b.virtualAddress("example.org/24")),
        wrong(
            "virtual address: 192.168.1 (expected: an IPv4 or IPv6 address)",
            b -> b.virtualAddress("192.168.1")),
        wrong(
            "virtual address: 10.0.0.1/33 (expected: a prefix length of 1-32)",
            b -> b.virtualAddress("10.0.0.1/33")),
        wrong(
            "virtual address 192.168.0.200/32: given twice (expected: each address once on an"
                + " interface)",
            b -> b.excludedAddress("192.168.0.200")),
        wrong(
            "virtual address 2001:db8::1/128: IPV6 (expected: IPV4, as others)",
            b -> b.virtualAddress("2001:db8::1")),
        wrong(
            "no virtual address: with virtual addresses (expected: one or the other)",
            VrrpInstance.Builder::noVirtualAddress),
        wrong(
            "preempt delay: 16m41s (expected: 0s to 16m40s)",
            b -> b.preemptDelay(Duration.ofSeconds(1001))),
        wrong(
            "preempt delay: 1s (expected: none without preemption)",
            b -> b.noPreempt().preemptDelay(Duration.ofSeconds(1))),
        wrong(
            "nopreempt: for the address owner (expected: a lower priority, or startAsBackup())",
            b -> b.noPreempt().priority(255)),
        wrong("down timer adverts: 0 (expected: 1-100)", b -> b.downTimerAdverts(0)),
        wrong(
            "password: 14 bytes (expected: 1-8 bytes; keepalived uses only the first 8 of a longer"
                + " one, so give those)",
            b -> b.authentication(Authentication.password("secretpassword"))),
        wrong(
            "authentication type: AH (expected: PASS, or HMAC keys; AH is HMAC-MD5-96 of RFC 2338,"
                + " withdrawn by RFC 3768)",
            b -> b.authentication(Authentication.of("AH", "secret12"))),
        wrong(
            "authentication: PASS in VRRPv3 (expected: VRRPv2, or HMAC keys)",
            b -> b.version(VrrpVersion.V3).authentication(Authentication.password("1111"))),
        wrong(
            "HMAC key 1: 31 bytes (expected: 32-64 bytes)",
            b -> b.authentication(HmacAuthentication.of(HmacKey.of(1, new byte[31])))),
        wrong(
            "unicast peer 10.0.0.9: given twice (expected: each peer once)",
            b -> b.unicastPeer("10.0.0.9").unicastPeer("10.0.0.9")),
        wrong(
            "multicast group: 10.0.0.9 (expected: a multicast address)",
            b -> b.multicastGroup("10.0.0.9")),
        wrong(
            "tracker db: weight: 254 (expected: -253-253)",
            b -> b.track(Tracker.check("db", () -> true).weight(254))),
        wrong(
            "tracker db: rise: 0 (expected: 1-1000)",
            b -> b.track(Tracker.check("db", () -> true).rise(0))),
        wrong(
            "announcement repeat: 0 (expected: 1-100)",
            b -> b.announcements(Announcements.defaults().repeat(0))));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsRejectedInWordsThatSayWhatWouldBeRight(
      String problem, UnaryOperator<VrrpInstance.Builder> change) {
    assertThatThrownBy(() -> change.apply(valid()).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("VRRP instance VI_1: " + problem);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    var failure =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> VrrpInstance.builder(" ").build());

    assertThat(failure.problems())
        .extracting(Problem::subject)
        .containsExactly(
            "VRRP instance  : name",
            "VRRP instance  : network interface",
            "VRRP instance  : virtual router id",
            "VRRP instance  : virtual addresses");
  }

  @Test
  void moreAddressesThanAnAdvertHoldsAreRejected() {
    var builder = valid();
    IntStream.range(0, 255).forEach(i -> builder.virtualAddress("10.0.0." + i));

    assertThatThrownBy(builder::build)
        .hasMessageContaining("virtual addresses: 256 (expected: at most 255");
  }

  @Test
  void withoutVirtualAddressesOnlyTheMasterIsChosen() {
    var instance =
        VrrpInstance.builder("cloud")
            .virtualRouterId(1)
            .noVirtualAddress()
            .sourceAddress("10.0.0.1")
            .unicastPeer("10.0.0.2")
            .build();

    assertThat(instance.allAddresses()).isEmpty();
    assertThat(instance.networkInterface()).isEmpty();
  }

  @Test
  void noPreemptionWithWeightedTrackingIsWarnedOf() {
    var instance = valid().noPreempt().track(Tracker.check("db", () -> true).weight(-20)).build();

    assertThat(instance.warnings())
        .singleElement()
        .satisfies(warning -> {
          assertThat(warning.subject()).isEqualTo("VRRP instance VI_1: tracker db");
          assertThat(warning.value()).startsWith("weight -20 with nopreempt");
        });
    assertThat(valid().track(Tracker.check("db", () -> true).weight(-20)).build().warnings())
        .isEmpty();
    assertThat(valid().noPreempt().track(Tracker.check("db", () -> true)).build().warnings())
        .isEmpty();
  }

  @Test
  void secretsAreNotInAnyText() {
    var key = HmacKey.of(1, "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    assertThat(HmacAuthentication.of(key).toString()).doesNotContain("0123");
    assertThat(Authentication.password("geheim").toString()).doesNotContain("geheim");
    assertThat(Authentication.of("AH", "geheim").toString()).doesNotContain("geheim");
  }

  @Test
  void listenersHearWhatTheyAskedFor() {
    var heard = new ArrayList<VrrpEvent>();
    var instance =
        valid()
            .onMaster(heard::add)
            .onBackup(heard::add)
            .onFault(heard::add)
            .onStop(heard::add)
            .build();
    var priority = new Priority(150);
    var events =
        Stream.of(
                new VrrpEvent.Master("VI_1", priority, "r"),
                new VrrpEvent.Backup("VI_1", priority, "r"),
                new VrrpEvent.Fault("VI_1", priority, "r"),
                new VrrpEvent.Stopped("VI_1", priority))
            .toList();

    events.forEach(event -> instance.listeners().forEach(listener -> listener.accept(event)));

    assertThat(heard).isEqualTo(events);
  }

  @Test
  void aSyncGroupWarnsOfWeightsThatDoNothingAndOfPrioritiesThatDiffer() {
    var group = SyncGroup.builder("VG").instance("VI_1").instance("VI_2").build();
    var one = valid().track(Tracker.check("db", () -> true).weight(-20)).build();
    var two =
        VrrpInstance.builder("VI_2")
            .networkInterface("eth1")
            .virtualRouterId(52)
            .virtualAddress("10.0.0.1")
            .build();

    assertThat(group.warnings(List.of(one, two))).hasSize(2);
    assertThatThrownBy(() -> SyncGroup.builder("VG").build())
        .hasMessage("sync group VG: instances: none (expected: at least one)");
  }

  @Test
  void aNumberMayBeThereTwiceOnAnInterfaceWhereAdvertsTellWhoseTheyAre() {
    var multicast = valid().build();
    var toThree = valid().unicastPeer("192.168.0.3").build();
    var toFour = valid().unicastPeer("192.168.0.4").build();

    assertThat(multicast.sharesAdvertsWith(valid().multicastGroup("224.0.0.18").build())).isTrue();
    assertThat(multicast.sharesAdvertsWith(valid().multicastGroup("224.0.0.99").build())).isFalse();
    assertThat(multicast.sharesAdvertsWith(toThree)).isFalse();
    assertThat(toThree.sharesAdvertsWith(toFour)).isFalse();
    assertThat(
            toThree.sharesAdvertsWith(
                valid().unicastPeer("192.168.0.4").unicastPeer("192.168.0.3").build()))
        .isTrue();
    assertThat(
            valid()
                .sourceAddress("192.168.0.1")
                .unicastPeer("192.168.0.3")
                .build()
                .sharesAdvertsWith(
                    valid().sourceAddress("192.168.0.9").unicastPeer("192.168.0.3").build()))
        .as("sent to another of our addresses")
        .isFalse();
    assertThat(multicast.sharesAdvertsWith(valid().networkInterface("eth4").build())).isFalse();
    assertThat(
            multicast.sharesAdvertsWith(
                VrrpInstance.builder("V6")
                    .networkInterface("eth0")
                    .virtualRouterId(51)
                    .virtualAddress("fe80::1")
                    .build()))
        .isFalse();
  }

  @Test
  void anAddressOnTwoInterfacesIsTwoAddresses() {
    var instance =
        VrrpInstance.builder("V6")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .virtualAddress(VirtualAddress.of("fe80::1/64").on("eth0"))
            .excludedAddress(VirtualAddress.of("fe80::1/64").on("eth4"))
            .build();

    assertThat(instance.allAddresses()).hasSize(2);
    assertThatThrownBy(
            () -> valid().excludedAddress(VirtualAddress.of("192.168.0.200/24").on("eth0")).build())
        .hasMessageContaining("given twice");
  }

  @Test
  void addressesThatNoAdvertNamesAreEnoughWithAWarning() {
    var excluded =
        VrrpInstance.builder("VI_1")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .excludedAddress("192.168.0.200/24");

    assertThat(excluded.build().warnings())
        .extracting(Problem::toString)
        .containsExactly(
            "VRRP instance VI_1: virtual addresses: none but excluded ones, so that adverts name no"
                + " address (expected: at least one that adverts name)");
    assertThat(excluded.noVirtualAddress().build().allAddresses()).hasSize(1);
  }
}
