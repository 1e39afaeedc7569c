package io.lvs4j.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.wire.Captures.Frame;
import io.lvs4j.vrrp.wire.Captures.Kind;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenCaptureTest {
  private static final byte[] KEEPALIVED_MAC = {(byte) 0x92, 0x4d, 0x7a, (byte) 0x94, 0x5d, 0x60};

  @Test
  void theCapturesHoldEveryKindOfFrame() {
    assertThat(Captures.frames().collect(Collectors.groupingBy(Frame::kind, Collectors.counting())))
        .containsEntry(Kind.ADVERT_V4, 21L)
        .containsEntry(Kind.ADVERT_V6, 6L)
        .containsEntry(Kind.AUTHENTICATION_HEADER, 3L);
  }

  static Stream<Frame> adverts() {
    return Stream.concat(Captures.frames(Kind.ADVERT_V4), Captures.frames(Kind.ADVERT_V6));
  }

  @ParameterizedTest
  @MethodSource("adverts")
  void anAdvertIsEncodedAsKeepalivedSentIt(Frame frame) {
    var received = decoded(frame);
    var datagram = received.datagram();
    byte[] message = encode(received);
    int length = frame.bytes().length - Captures.ETHERNET;
    byte[] packet =
        frame.kind() == Kind.ADVERT_V4
            ? value(Ipv4Header.decode(frame.bytes(), Captures.ETHERNET, length)).encode(message)
            : value(Ipv6Header.decode(frame.bytes(), Captures.ETHERNET, length)).encode(message);

    assertThat(concat(frame.ethernet(), packet)).isEqualTo(frame.bytes());
    assertThat(datagram.timeToLive())
        .isEqualTo(frame.section().contains("IPv6 unicast") ? 64 : 255);
  }

  @ParameterizedTest
  @MethodSource("adverts")
  void anAdvertSaysWhatKeepalivedWasConfiguredWith(Frame frame) {
    var advert = decoded(frame).advert();

    assertThat(advert.virtualRouterId().value()).isEqualTo(51);
    assertThat(advert.priority().value()).isIn(150, 0);
    assertThat(advert.addresses()).hasSize(2);
    assertThat(advert.version())
        .isEqualTo(frame.section().startsWith("v2") ? VrrpVersion.V2 : VrrpVersion.V3);
    assertThat(advert.interval())
        .isEqualTo(
            frame.section().contains("adv 0.5") ? Duration.ofMillis(500) : Duration.ofSeconds(1));
  }

  @Test
  void theHeaderOfAnAdvertOfOursIsThatOfKeepalived() {
    var frame = Captures.frames(Kind.ADVERT_V4).findFirst().orElseThrow();
    var received = decoded(frame);
    var captured =
        value(
            Ipv4Header.decode(
                frame.bytes(), Captures.ETHERNET, frame.bytes().length - Captures.ETHERNET));

    var ours =
        Ipv4Header.ofAdvert(
            captured.source(), MulticastGroups.IPV4, 1, 255, received.datagram().length());

    assertThat(ours).isEqualTo(captured);
  }

  @Test
  void theChecksumOfEachVersion3CaptureCoversWhatItsSectionSays() {
    var coverages =
        adverts()
            .filter(frame -> frame.section().startsWith("v3"))
            .collect(
                Collectors.toMap(
                    Frame::section,
                    frame -> ((VrrpV3) decoded(frame).advert()).coverage(),
                    (one, same) -> {
                      assertThat(one).isEqualTo(same);
                      return one;
                    }));

    assertThat(coverages)
        .containsEntry("v3 mcast adv 0.5", VrrpV3.Coverage.PSEUDO_HEADER)
        .containsEntry("v3 unicast peer 10.77.0.2 adv 1", VrrpV3.Coverage.PSEUDO_HEADER)
        .containsEntry("v3 unicast old_unicast_checksum", VrrpV3.Coverage.MULTICAST_PSEUDO_HEADER)
        .containsEntry("v3 IPv6 mcast", VrrpV3.Coverage.PSEUDO_HEADER);
  }

  static Stream<Frame> authenticationHeaders() {
    return Captures.frames(Kind.AUTHENTICATION_HEADER);
  }

  @ParameterizedTest
  @MethodSource("authenticationHeaders")
  void anAuthenticationHeaderIsRefusedByName(Frame frame) {
    assertThat(frame.decode(frame.bytes()))
        .isEqualTo(
            new Malformed<>(
                Reason.AUTHENTICATION_HEADER,
                "IP protocol 51, AH (expected: 112; AH is not spoken)"));
  }

  static Stream<Frame> gratuitousArps() {
    return Captures.frames(Kind.ARP).filter(GoldenCaptureTest::isBroadcastOfAVirtualAddress);
  }

  @ParameterizedTest
  @MethodSource("gratuitousArps")
  void aGratuitousArpIsEncodedAsKeepalivedSentIt(Frame frame) {
    var arp = value(GratuitousArp.decode(frame.bytes(), 0, frame.bytes().length));

    assertThat(arp.encode()).isEqualTo(frame.bytes());
    assertThat(arp.address().getHostAddress()).startsWith("10.77.0.10");
  }

  @Test
  void anOrdinaryArpIsNotAnAnnouncement() {
    assertThat(Captures.frames(Kind.ARP).filter(frame -> !isBroadcastOfAVirtualAddress(frame)))
        .hasSize(4)
        .allSatisfy(frame ->
            assertThat(frame.decode(frame.bytes()))
                .isEqualTo(new Malformed<>(Reason.PROTOCOL, "not a gratuitous ARP request")));
  }

  static Stream<Frame> neighbourAdvertisements() {
    return Captures.frames(Kind.NEIGHBOUR_ADVERTISEMENT)
        .filter(frame -> Bytes.u16(frame.bytes(), 0) == 0x3333);
  }

  @ParameterizedTest
  @MethodSource("neighbourAdvertisements")
  void aNeighbourAdvertisementIsEncodedAsKeepalivedSentIt(Frame frame) {
    var advertisement =
        value(NeighbourAdvertisement.decode(frame.bytes(), 0, frame.bytes().length));

    assertThat(advertisement.encode()).isEqualTo(frame.bytes());
    assertThat(advertisement.sender()).isEqualTo(MacAddress.read(KEEPALIVED_MAC, 0));
    assertThat(advertisement.router()).isFalse();
  }

  private static boolean isBroadcastOfAVirtualAddress(Frame frame) {
    return Bytes.u16(frame.bytes(), 0) == 0xffff
        && Bytes.u16(frame.bytes(), Captures.ETHERNET + 18) == 0xffff;
  }

  private static ReceivedAdvert decoded(Frame frame) {
    return (ReceivedAdvert) value(frame.decode(frame.bytes()));
  }

  private static byte[] encode(ReceivedAdvert received) {
    return switch (received.advert()) {
      case VrrpV2 advert -> advert.encode();
      case VrrpV3 advert ->
          advert.encode(received.datagram().source(), received.datagram().destination());
    };
  }

  private static <T> T value(Decoding<T> decoding) {
    return switch (decoding) {
      case Decoded<T>(T value) -> value;
      case Malformed<T> malformed -> throw new AssertionError(malformed);
    };
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
