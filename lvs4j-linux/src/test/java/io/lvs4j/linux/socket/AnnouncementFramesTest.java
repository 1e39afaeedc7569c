package io.lvs4j.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.InternetChecksum;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compared with frames that keepalived 2.2.7 sent. */
class AnnouncementFramesTest {
  private static final HardwareAddress STATION = new HardwareAddress(0x924d_7a94_5d60L);

  @Test
  void theCapturesHoldEveryKindOfFrame() {
    assertThat(gratuitousArps()).hasSize(80);
    assertThat(unsolicitedAdvertisements()).hasSize(20);
    assertThat(ipv4Adverts()).hasSize(21);
  }

  static Stream<CapturedFrame> gratuitousArps() {
    return CapturedFrame.gratuitousArps();
  }

  @ParameterizedTest
  @MethodSource("gratuitousArps")
  void gratuitousArpIsKeepalivedsByteForByte(CapturedFrame captured) {
    var sender = GratuitousArp.sender(captured.bytes(), captured.bytes().length).orElseThrow();

    assertThat(sender.address().getHostAddress()).startsWith("10.77.0.10");
    assertThat(GratuitousArp.frame(sender.station(), sender.address())).isEqualTo(captured.bytes());
  }

  static Stream<CapturedFrame> unsolicitedAdvertisements() {
    return CapturedFrame.unsolicitedAdvertisements();
  }

  @ParameterizedTest
  @MethodSource("unsolicitedAdvertisements")
  void unsolicitedAdvertisementsAreKeepalivedsByteForByte(CapturedFrame captured) {
    var sender = advertiser(captured.bytes()).orElseThrow();

    assertThat(sender.station()).isEqualTo(STATION);
    assertThat(UnsolicitedAdvertisement.frame(STATION, sender.address(), false))
        .isEqualTo(captured.bytes());
  }

  @Test
  void routersSaySo() {
    var address = InetAddress.ofLiteral("2001:db8:77::100");
    byte[] frame = UnsolicitedAdvertisement.frame(STATION, address, true);

    assertThat(frame[58] & 0xff).isEqualTo(0xa0);
    assertThat(
            new InternetChecksum()
                .add(frame, 54, 32)
                .addPseudoHeader(address, InetAddress.ofLiteral("ff02::1"), 58, 32)
                .isWhole())
        .isTrue();
  }

  /** Whoever resolves an address tells its own by the way. */
  @Test
  void ordinaryArpHasASenderToo() {
    assertThat(
            CapturedFrame.ordinaryArps()
                .map(frame -> GratuitousArp.sender(frame.bytes(), frame.bytes().length)))
        .containsOnly(
            Optional.of(new LinkSender(STATION, InetAddress.ofLiteral("10.77.0.1"))),
            Optional.of(
                new LinkSender(
                    new HardwareAddress(0x525a_857a_fcabL), InetAddress.ofLiteral("10.77.0.2"))));
  }

  @ParameterizedTest
  @CsvSource({"12, 0x09", "15, 0x02", "16, 0x86", "18, 0x08", "19, 0x10"})
  void otherFramesAreNoArp(int offset, String value) {
    byte[] frame = gratuitousArps().findFirst().orElseThrow().bytes();
    frame[offset] = (byte) (int) Integer.decode(value);

    assertThat(GratuitousArp.sender(frame, frame.length)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("gratuitousArps")
  void cutArpHasNoSenderAndADamagedOneDoesNoHarm(CapturedFrame captured) {
    for (int length = 0; length < captured.bytes().length; length++) {
      assertThat(GratuitousArp.sender(Arrays.copyOf(captured.bytes(), length), length)).isEmpty();
    }
    for (int bit = 0; bit < captured.bytes().length * 8; bit++) {
      byte[] changed = changed(captured, bit);
      assertThat(GratuitousArp.sender(changed, changed.length)).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("unsolicitedAdvertisements")
  void cutAdvertisementsHaveNoSenderAndADamagedOneDoesNoHarm(CapturedFrame captured) {
    // The option that follows is not needed: the frame itself tells the station.
    for (int length = 0; length < 78; length++) {
      assertThat(advertiser(Arrays.copyOf(captured.bytes(), length))).isEmpty();
    }
    for (int bit = 0; bit < captured.bytes().length * 8; bit++) {
      assertThat(advertiser(changed(captured, bit))).isNotNull();
    }
  }

  static Stream<CapturedFrame> ipv4Adverts() {
    return CapturedFrame.ipv4Adverts();
  }

  @ParameterizedTest
  @MethodSource("ipv4Adverts")
  void advertHeadersAreKeepalivedsByteForByte(CapturedFrame captured) throws Exception {
    byte[] packet = captured.packet();

    assertThat(
            Ipv4Header.packet(
                InetAddress.getByAddress(captured.part(26, 4)),
                InetAddress.getByAddress(captured.part(30, 4)),
                ByteBuffer.wrap(packet).getShort(4),
                packet[8] & 0xff,
                captured.part(34, captured.bytes().length - 34)))
        .as(HexFormat.of().formatHex(packet))
        .isEqualTo(packet);
  }

  private static Optional<LinkSender> advertiser(byte[] frame) {
    return UnsolicitedAdvertisement.sender(frame, frame.length);
  }

  private static byte[] changed(CapturedFrame captured, int bit) {
    byte[] changed = captured.bytes().clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }
}
