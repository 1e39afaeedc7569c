package io.lvs4j.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lvs4j.vrrp.Seed;
import io.lvs4j.vrrp.wire.Captures.Frame;
import io.lvs4j.vrrp.wire.Captures.Kind;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedPacketTest {
  static Stream<Frame> frames() {
    return Captures.frames();
  }

  @ParameterizedTest
  @MethodSource("frames")
  void everyTruncationIsMalformed(Frame frame) {
    for (int length = Captures.ETHERNET; length < frame.bytes().length; length++) {
      var truncated = Arrays.copyOf(frame.bytes(), length);
      assertThat(frame.decode(truncated))
          .as("%s cut to %d bytes", frame, length)
          .isInstanceOfSatisfying(
              Malformed.class,
              malformed -> assertThat(malformed.reason()).isEqualTo(Reason.PACKET_LENGTH));
    }
  }

  @ParameterizedTest
  @MethodSource("frames")
  void everyChangeOfABitIsMalformedOrDecodes(Frame frame) {
    for (int bit = 0; bit < frame.bytes().length * 8; bit++) {
      var changed = frame.bytes().clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(frame.decode(changed)).as("%s bit %d", frame, bit).isNotNull();
    }
  }

  @Test
  void everyChangeOfABitInAnAdvertOverIpv4IsMalformed() {
    assertThat(Captures.frames(Kind.ADVERT_V4))
        .allSatisfy(frame -> {
          for (int bit = Captures.ETHERNET * 8; bit < frame.bytes().length * 8; bit++) {
            var changed = frame.bytes().clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(frame.decode(changed))
                .as("%s bit %d", frame, bit)
                .isInstanceOf(Malformed.class);
          }
        });
  }

  @Test
  void anythingAtAllIsMalformedOrDecodes() {
    var seed = Seed.get();
    var random = seed.random();
    var source = InetAddress.ofLiteral("fe80::1");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x31);
      }
      assertThatCode(
              () -> {
                Datagram.ofIpv4(bytes, 0, bytes.length).then(ReceivedAdvert::decode);
                Datagram.ofIpv6(bytes, 0, bytes.length).then(ReceivedAdvert::decode);
                ReceivedAdvert.decode(Datagram.of(source, MulticastGroups.IPV6, 255, bytes));
                ReceivedAdvert.decode(
                    Datagram.of(MulticastGroups.IPV4, MulticastGroups.IPV4, 255, bytes));
                GratuitousArp.decode(bytes, 0, bytes.length);
                NeighbourAdvertisement.decode(bytes, 0, bytes.length);
              })
          .as("%s %s", seed, HexFormat.of().formatHex(bytes))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void anIpv4MappedAddressInAnIpv6AdvertStaysAnIpv6Address() {
    var source = InetAddress.ofLiteral("fe80::1");
    byte[] bytes = HexFormat.of().parseHex("3133960100640000" + "00000000000000000000ffff0a4d0064");
    int checksum =
        new InternetChecksum()
            .add(bytes, 0, bytes.length)
            .addPseudoHeader(source, MulticastGroups.IPV6, 112, bytes.length)
            .value();
    Bytes.put16(bytes, 6, checksum);

    var decoding = ReceivedAdvert.decode(Datagram.of(source, MulticastGroups.IPV6, 255, bytes));

    assertThat(decoding)
        .isInstanceOfSatisfying(
            Decoded.class,
            decoded -> {
              var advert = (VrrpV3) ((ReceivedAdvert) decoded.value()).advert();
              assertThat(advert.encode(source, MulticastGroups.IPV6)).isEqualTo(bytes);
            });
  }
}
