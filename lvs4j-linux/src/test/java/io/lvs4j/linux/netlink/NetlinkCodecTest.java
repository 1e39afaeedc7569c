package io.lvs4j.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.linux.Seed;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NetlinkCodecTest {
  private final Seed seed = Seed.get();
  private final RandomGenerator random = seed.random();

  @Test
  void datagramsOfMessagesSurviveTheRoundTrip() {
    for (int run = 0; run < 1_000; run++) {
      var messages = new ArrayList<NetlinkMessage>();
      var datagram = new ByteArrayOutputStream();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        byte[] payload = new byte[random.nextInt(0, 40)];
        random.nextBytes(payload);
        var message =
            new NetlinkMessage(
                random.nextInt(0x10000),
                random.nextInt(0x10000),
                random.nextInt(),
                random.nextInt(),
                payload);
        messages.add(message);
        datagram.writeBytes(message.encode());
        while (datagram.size() % 4 != 0) {
          datagram.write(0);
        }
      }
      assertThat(NetlinkMessage.decode(datagram.toByteArray(), datagram.size()))
          .as(seed.toString())
          .isEqualTo(new Decoded<>(messages));
    }
  }

  @Test
  void addressesSurviveTheRoundTrip() {
    for (int run = 0; run < 1_000; run++) {
      boolean ipv6 = random.nextBoolean();
      byte[] bytes = new byte[ipv6 ? 16 : 4];
      random.nextBytes(bytes);
      var valid = Duration.ofSeconds(random.nextLong(1, 0xffff_ffffL));
      var address =
          new InterfaceAddress(
              random.nextInt(),
              IpBytes.address(bytes),
              random.nextInt(0, 129),
              random.nextInt(0, 256),
              random.nextInt(),
              random.nextBoolean() ? Optional.of("eth0:" + run) : Optional.empty(),
              new Lifetime(random.nextBoolean() ? valid : Duration.ZERO, valid));
      assertThat(InterfaceAddress.decode(message(address.encode())))
          .as(seed.toString())
          .isEqualTo(new Decoded<>(address));
    }
  }

  @Test
  void linksAreReadWithWhatMatters() {
    byte[] payload =
        Link.payload(
            7,
            Link.IFF_UP | Link.IFF_RUNNING,
            0,
            Attributes.none()
                .with(Link.IFLA_IFNAME, "eth0")
                .with(Link.IFLA_MTU, 9000)
                .with(Link.IFLA_OPERSTATE, new byte[] {6})
                .with(Link.IFLA_ADDRESS, new byte[] {2, 0, 0, 0, 0, 1}));
    payload[2] = 1; // ARPHRD_ETHER
    assertThat(Link.decode(message(payload)))
        .isInstanceOfSatisfying(
            Decoded.class,
            decoded -> {
              var link = (Link) decoded.value();
              assertThat(link.index()).isEqualTo(7);
              assertThat(link.name()).isEqualTo("eth0");
              assertThat(link.mtu()).isEqualTo(9000);
              assertThat(link.operationalState()).isEqualTo(6);
              assertThat(link.isAdministrativelyUp()).isTrue();
              assertThat(link.isRunning()).isTrue();
              assertThat(link.hardwareAddress().orElseThrow()).hasToString("02:00:00:00:00:01");
            });
  }

  @Test
  void linksOfOtherKindsHaveNoEthernetAddress() {
    byte[] payload =
        Link.payload(
            1,
            0,
            0,
            Attributes.none()
                .with(Link.IFLA_IFNAME, "lo")
                .with(Link.IFLA_ADDRESS, new byte[] {0, 0, 0, 0, 0, 0}));
    assertThat(Link.decode(message(payload)))
        .isEqualTo(new Decoded<>(new Link(1, "lo", 0, 0, 0, Optional.empty())));
  }

  @Test
  void everyTruncationAndFlippedBitIsDecodedOrMalformedWithAReason() {
    byte[] address =
        new InterfaceAddress(
                3,
                InetAddress.ofLiteral("2001:db8::1"),
                64,
                0,
                InterfaceAddress.IFA_F_NODAD,
                Optional.of("eth0:1"),
                Lifetime.FOREVER)
            .encode();
    byte[] link = Link.query(Optional.of("eth0"));
    byte[] datagram = message(address).encode();
    for (var decoder :
        List.<Function<byte[], Decoding<?>>>of(
            bytes -> InterfaceAddress.decode(message(bytes)),
            bytes -> Link.decode(message(bytes)),
            bytes -> Route.decode(message(bytes)),
            bytes -> Neighbour.decode(message(bytes)),
            bytes -> NetlinkMessage.decode(bytes, bytes.length))) {
      for (byte[] original : new byte[][] {address, link, datagram}) {
        for (int length = 0; length < original.length; length++) {
          check(decoder.apply(Arrays.copyOf(original, length)));
        }
        for (int bit = 0; bit < original.length * 8; bit++) {
          byte[] flipped = original.clone();
          flipped[bit / 8] ^= (byte) (1 << bit % 8);
          check(decoder.apply(flipped));
        }
      }
    }
  }

  private static void check(Decoding<?> decoding) {
    if (decoding instanceof Malformed<?>(var reason)) {
      assertThat(reason).contains("expected: ");
    }
  }

  @Test
  void lengthsThatLieAreMalformed() {
    assertThat(NetlinkMessage.decode(new byte[7], 7))
        .isEqualTo(new Malformed<>("netlink header: 7 bytes (expected: 16)"));
    byte[] longer = message(new byte[4]).encode();
    longer[0] = 21;
    assertThat(NetlinkMessage.decode(longer, longer.length))
        .isEqualTo(
            new Malformed<>(
                "netlink message length: 21 (expected: 16-20, what is left of the datagram)"));
    assertThat(Attributes.decode(new byte[] {3, 0, 1, 0}, 0))
        .isEqualTo(new Malformed<>("length of attribute 1: 3 (expected: 4-4)"));
  }

  private static NetlinkMessage message(byte[] payload) {
    return new NetlinkMessage(16, 0, 1, 0, payload);
  }
}
