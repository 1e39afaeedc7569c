package io.lvs4j.ipvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ipvs.wire.ServiceAttributes.Flags;
import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import io.lvs4j.linux.netlink.GenericMessage;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class IpvsMessageTest {
  private static final long SEED = Long.getLong("lvs4j.seed", System.nanoTime());
  private static final int RUNS = 2_000;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @Test
  void aServiceHasTheBytesOfTheProtocol() {
    var service =
        new ServiceAttributes(
            OptionalInt.of(2),
            OptionalInt.of(6),
            Optional.of(AddressBytes.of(InetAddress.ofLiteral("10.9.0.10"))),
            OptionalInt.of(80),
            OptionalLong.empty(),
            Optional.of("wlc"),
            Optional.of(new Flags(0, -1)),
            OptionalLong.of(0),
            OptionalLong.of(0xffff_ffffL),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(hexadecimal(IpvsMessage.of(IpvsCommand.NEW_SERVICE).with(service)))
        .isEqualTo(
            "01010000"
                + "54000180"
                + "0600010002000000"
                + "0600020006000000"
                + "140003000a09000a000000000000000000000000"
                + "0600040000500000"
                + "08000600776c6300"
                + "0c00070000000000ffffffff"
                + "0800080000000000"
                + "08000900ffffffff");
  }

  @Test
  void aRealServerInATunnelHasTheBytesOfTheProtocol() {
    var destination =
        new DestinationAttributes(
            Optional.of(AddressBytes.of(InetAddress.ofLiteral("172.16.0.14"))),
            OptionalInt.of(80),
            OptionalInt.empty(),
            OptionalLong.of(2),
            OptionalLong.of(1),
            OptionalLong.of(0),
            OptionalLong.of(0),
            OptionalInt.of(1),
            OptionalInt.of(6080),
            OptionalInt.of(1),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(hexadecimal(IpvsMessage.of(IpvsCommand.NEW_DEST).with(destination)))
        .isEqualTo(
            "05010000"
                + "58000280"
                + "14000100ac10000e000000000000000000000000"
                + "0600020000500000"
                + "0800030002000000"
                + "0800040001000000"
                + "0800050000000000"
                + "0800060000000000"
                + "05000d0001000000"
                + "06000e0017c00000"
                + "06000f0001000000");
  }

  @Test
  void everyMessageSurvivesTheRoundTrip() {
    for (int run = 0; run < RUNS; run++) {
      var message = anyMessage();
      assertThat(decode(message.encode().encode())).as(seed()).isEqualTo(new Decoded<>(message));
    }
  }

  @Test
  void unknownAttributesAndPaddingAreSkipped() {
    for (int run = 0; run < RUNS; run++) {
      var message = anyMessage();
      var more = message.attributes().with(0, new byte[0]).with(99, "news").with(11, new byte[0]);
      assertThat(IpvsMessage.decode(new GenericMessage(message.command().number(), 1, more)))
          .as(seed())
          .isEqualTo(new Decoded<>(message));
    }
  }

  @Test
  void everyTruncationAndFlippedBitIsDecodedOrMalformedWithAReason() {
    for (int run = 0; run < 20; run++) {
      byte[] original = anyMessage().encode().encode();
      for (int length = 0; length < original.length; length++) {
        check(Arrays.copyOf(original, length));
      }
      for (int bit = 0; bit < original.length * 8; bit++) {
        byte[] flipped = original.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        check(flipped);
      }
    }
  }

  @Test
  void anyBytesAreDecodedOrMalformedWithAReason() {
    for (int run = 0; run < 20 * RUNS; run++) {
      byte[] bytes = new byte[random.nextInt(0, 80)];
      random.nextBytes(bytes);
      if (bytes.length > 8 && random.nextBoolean()) {
        // Likely enough to be looked into: a known command and a nest that fits.
        bytes[0] = (byte) random.nextInt(1, 18);
        bytes[4] = (byte) (bytes.length - 4);
        bytes[5] = 0;
        bytes[6] = (byte) random.nextInt(1, 4);
        bytes[7] = (byte) 0x80;
      }
      check(bytes);
    }
  }

  @Test
  void aCommandThatIsNoneIsMalformed() {
    for (int number : new int[] {0, 18, 255}) {
      assertThat(IpvsMessage.decode(new GenericMessage(number, 1, Attributes.none())))
          .isEqualTo(new Malformed<>("command of IPVS: " + number + " (expected: 1-17)"));
    }
  }

  private static void check(byte[] bytes) {
    switch (decode(bytes)) {
      case Decoded<IpvsMessage>(var message) -> assertThat(message.command()).isNotNull();
      case Malformed<IpvsMessage>(var reason) -> assertThat(reason).contains("expected: ");
    }
  }

  private static Decoding<IpvsMessage> decode(byte[] payload) {
    return GenericMessage.decode(payload).then(IpvsMessage::decode);
  }

  private IpvsMessage anyMessage() {
    var command = IpvsCommand.values()[random.nextInt(IpvsCommand.values().length)];
    var message = IpvsMessage.of(command);
    if (command == IpvsCommand.SET_INFO) {
      return message.with(new IpvsMessage.KernelInfo(number32(), number32()));
    }
    if (random.nextBoolean()) {
      message = message.with(anyService());
    }
    if (random.nextBoolean()) {
      message = message.with(anyDestination());
    }
    if (random.nextBoolean()) {
      message = message.with(anyDaemon());
    }
    return random.nextBoolean()
        ? message
        : message.with(new IpvsMessage.Timeouts(number32(), number32(), number32()));
  }

  private ServiceAttributes anyService() {
    return new ServiceAttributes(
        number(0x10000),
        number(0x10000),
        address(),
        number(0x10000),
        number32(),
        text(),
        maybe(new Flags(random.nextInt(), random.nextInt())),
        number32(),
        number32(),
        text(),
        maybe(statistics(0xffff_ffffL)),
        maybe(statistics(-1L)));
  }

  private DestinationAttributes anyDestination() {
    return new DestinationAttributes(
        address(),
        number(0x10000),
        number(0x10000),
        number32(),
        number32(),
        number32(),
        number32(),
        number(0x100),
        number(0x10000),
        number(0x10000),
        number32(),
        number32(),
        number32(),
        maybe(statistics(0xffff_ffffL)),
        maybe(statistics(-1L)));
  }

  private DaemonAttributes anyDaemon() {
    return new DaemonAttributes(
        number32(),
        text(),
        number32(),
        number(0x10000),
        address(),
        address(),
        number(0x10000),
        number(0x100));
  }

  private StatisticsAttributes statistics(long mask) {
    return new StatisticsAttributes(
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong(),
        random.nextLong(),
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask);
  }

  private OptionalInt number(int bound) {
    return random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(bound));
  }

  private OptionalLong number32() {
    return random.nextInt(4) == 0
        ? OptionalLong.empty()
        : OptionalLong.of(random.nextLong(1L << 32));
  }

  private Optional<AddressBytes> address() {
    byte[] bytes = new byte[random.nextBoolean() ? 16 : 4];
    random.nextBytes(bytes);
    return maybe(AddressBytes.of(bytes));
  }

  private Optional<String> text() {
    return maybe("s".repeat(random.nextInt(0, 16)));
  }

  private <T> Optional<T> maybe(T value) {
    return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value);
  }

  private static String hexadecimal(IpvsMessage message) {
    return HexFormat.of().formatHex(message.encode().encode());
  }

  private static String seed() {
    return "-Dlvs4j.seed=" + SEED;
  }
}
