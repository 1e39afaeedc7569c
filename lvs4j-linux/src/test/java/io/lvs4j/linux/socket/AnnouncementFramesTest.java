package io.lvs4j.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HardwareAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compared with frames that keepalived 2.2.7 sent. */
class AnnouncementFramesTest {
  private static final HardwareAddress STATION = new HardwareAddress(0x924d_7a94_5d60L);
  private static final String ARP =
      "ffffffffffff924d7a945d6008060001080006040001924d7a945d600a4d0064ffffffffffff0a4d0064";
  private static final String ADVERTISEMENT =
      "333300000001924d7a945d6086dd6000000000203aff20010db80077000000000000000001"
          + "00ff02000000000000000000000000000188008dfd2000000020010db8007700000000000"
          + "0000001000201924d7a945d60";

  @Test
  void gratuitousArpIsKeepalivedsByteForByte() {
    assertThat(hex(GratuitousArp.frame(STATION, address("10.77.0.100")))).isEqualTo(ARP);
  }

  @Test
  void unsolicitedAdvertisementsAreKeepalivedsByteForByte() {
    assertThat(hex(UnsolicitedAdvertisement.frame(STATION, address("2001:db8:77::100"), false)))
        .isEqualTo(ADVERTISEMENT);
  }

  @Test
  void routersSaySo() {
    byte[] frame = UnsolicitedAdvertisement.frame(STATION, address("2001:db8:77::100"), true);

    assertThat(frame[58] & 0xff).isEqualTo(0xa0);
    // Summed with its own checksum, a sound packet gives zero.
    byte[] summed = new byte[72];
    System.arraycopy(frame, 22, summed, 0, 32);
    summed[35] = 32;
    summed[39] = 58;
    System.arraycopy(frame, 54, summed, 40, 32);
    assertThat(InternetChecksum.of(summed, 0, 72)).isZero();
  }

  @Test
  void sendersAreReadFromFrames() {
    assertThat(GratuitousArp.sender(bytes(ARP), 42))
        .contains(new LinkSender(STATION, address("10.77.0.100")));
    assertThat(UnsolicitedAdvertisement.sender(bytes(ADVERTISEMENT), 86))
        .contains(new LinkSender(STATION, address("2001:db8:77::100")));
  }

  @ParameterizedTest
  @CsvSource({"12, 0x08", "15, 0x02", "16, 0x86", "18, 0x08", "19, 0x10"})
  void otherFramesAreNoArp(int offset, String value) {
    byte[] frame = bytes(ARP);
    frame[offset] = (byte) (Integer.decode(value) + (offset == 12 ? 1 : 0));

    assertThat(GratuitousArp.sender(frame, frame.length)).isEmpty();
  }

  @Test
  void cutFramesHaveNoSender() {
    for (int length = 0; length < 42; length++) {
      assertThat(GratuitousArp.sender(Arrays.copyOf(bytes(ARP), length), length)).isEmpty();
    }
    for (int length = 0; length < 78; length++) {
      assertThat(
              UnsolicitedAdvertisement.sender(Arrays.copyOf(bytes(ADVERTISEMENT), length), length))
          .isEmpty();
    }
  }

  @Test
  void advertHeadersAreKeepalivedsByteForByte() {
    byte[] message = bytes("21339602000133660a4d00640a4d00650000000000000000");

    assertThat(hex(Ipv4Header.packet(address("10.77.0.1"), address("224.0.0.18"), 1, 255, message)))
        .isEqualTo(
            "45c0002c00010000ff70d0400a4d0001e0000012"
                + "21339602000133660a4d00640a4d00650000000000000000");
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
