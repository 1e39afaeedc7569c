package io.lvs4j.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lvs4j.api.host.InternetChecksum;
import io.lvs4j.vrrp.Seed;
import io.lvs4j.vrrp.wire.Captures.Captured;
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
  static Stream<Captured> captures() {
    return Captures.all().stream();
  }

  @ParameterizedTest
  @MethodSource("captures")
  void everyTruncationIsMalformed(Captured captured) {
    for (int length = 0; length < captured.message().length; length++) {
      assertThat(captured.decode(Arrays.copyOf(captured.message(), length)))
          .as("%s cut to %d bytes", captured, length)
          .isInstanceOfSatisfying(
              Malformed.class,
              malformed -> assertThat(malformed.reason()).isEqualTo(Reason.PACKET_LENGTH));
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void everyChangeOfABitIsMalformed(Captured captured) {
    for (int bit = 0; bit < captured.message().length * 8; bit++) {
      var changed = captured.message().clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(captured.decode(changed))
          .as("%s bit %d", captured, bit)
          .isInstanceOf(Malformed.class);
    }
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
        bytes[0] = (byte) (random.nextBoolean() ? 0x21 : 0x31);
      }
      assertThatCode(
              () -> {
                ReceivedAdvert.decode(Datagram.of(source, MulticastGroups.IPV6, 255, bytes));
                ReceivedAdvert.decode(
                    Datagram.of(MulticastGroups.IPV4, MulticastGroups.IPV4, 255, bytes));
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
