package io.lvs4j.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.linux.Seed;
import io.lvs4j.linux.kernel.Reception;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ReceivedPacketTest {
  private static final byte[] PACKET =
      HexFormat.of()
          .parseHex(
              "45c0002c00010000ff70d0400a4d0001e0000012"
                  + "21339602000133660a4d00640a4d00650000000000000000");

  @Test
  void headersGiveSourceDestinationAndTimeToLive() {
    var datagram = ReceivedPacket.ipv4(reception(PACKET, PACKET.length)).orElseThrow();

    assertThat(datagram.source().getHostAddress()).isEqualTo("10.77.0.1");
    assertThat(datagram.destination().getHostAddress()).isEqualTo("224.0.0.18");
    assertThat(datagram.hopLimit()).isEqualTo(255);
    assertThat(datagram.message()).hasSize(24).startsWith(0x21, 51);
  }

  @Test
  void headerOptionsAreSkippedAndPaddingIsCut() {
    byte[] padded = new byte[60];
    System.arraycopy(PACKET, 0, padded, 0, PACKET.length);
    padded[0] = 0x46;

    assertThat(ReceivedPacket.ipv4(reception(padded, 60)).orElseThrow().message()).hasSize(20);
  }

  @Test
  void cutPacketsAreNoneAndNothingIsReadBeyondTheirEnd() {
    for (int length = 0; length < 20; length++) {
      assertThat(ReceivedPacket.ipv4(reception(PACKET, length))).isEmpty();
    }
    var seed = Seed.get();
    var random = seed.random();
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = new byte[random.nextInt(0, 80)];
      random.nextBytes(garbage);
      int length = garbage.length;
      assertThat(ReceivedPacket.ipv4(reception(garbage, length)).map(VrrpDatagram::message))
          .as(seed.toString())
          .satisfies(message -> assertThat(message.map(m -> m.length).orElse(0)).isLessThan(61));
      var control = reception(garbage, length);
      System.arraycopy(garbage, 0, control.control(), 0, length);
      control.filled(length, length, random.nextInt(0, 29), 0);
      assertThat(ReceivedPacket.ipv6(control)).as(seed.toString()).isNotNull();
    }
  }

  private static Reception reception(byte[] data, int length) {
    var reception = new Reception(128, 128);
    System.arraycopy(data, 0, reception.data(), 0, length);
    reception.filled(length, 0, 16, 0);
    return reception;
  }
}
