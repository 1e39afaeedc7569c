package io.lvs4j.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.host.HardwareAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapReaderTest {
  private static final String NANOSECONDS =
      "4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000";
  private static final String MICROSECONDS_BIG =
      "a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001";

  /** What keepalived sends, as a frame. */
  private static final String ADVERT =
      "01005e000012 020000000001 0800 45c0002400010000ff70d0480a4d0001e0000012"
          + "31339602003238540a4d00640a4d0065";

  private static final String ANNOUNCEMENT =
      "ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a4d0064"
          + " ffffffffffff 0a4d0064";

  @TempDir private Path directory;

  @Test
  void aRecordIsReadWhenItIsWhole() throws IOException {
    Path file = directory.resolve("frames.pcap");
    var reader = new PcapReader(file);
    assertThat(reader.read()).isEmpty();
    String whole = NANOSECONDS + "01000000 02000000 32000000 32000000" + ADVERT;
    byte[] bytes = bytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThat(reader.read()).as("after %d bytes", length).isEmpty();
    }
    Files.write(file, bytes);
    var frame = reader.read().getFirst();
    assertThat(frame.at()).isEqualTo(Instant.ofEpochSecond(1, 2));
    assertThat(frame.sender()).isEqualTo(new HardwareAddress(0x0200_0000_0001L));
    assertThat(frame.announced()).isEmpty();
    assertThat(frame.advert().orElseThrow().advert().priority().value()).isEqualTo(150);
    assertThat(reader.read()).as("read already").isEmpty();
  }

  @Test
  void theOtherByteOrderAndResolutionAreRead() throws IOException {
    Path file = directory.resolve("frames.pcap");
    Files.write(
        file, bytes(MICROSECONDS_BIG + "00000001 00000002 0000002a 0000002a" + ANNOUNCEMENT));
    var frame = new PcapReader(file).read().getFirst();
    assertThat(frame.at()).isEqualTo(Instant.ofEpochSecond(1, 2000));
    assertThat(frame.announced()).contains(InetAddress.ofLiteral("10.77.0.100"));
    assertThat(frame.advert()).isEmpty();
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Path file = directory.resolve("frames.pcap");
    Files.write(file, new byte[24]);
    assertThatThrownBy(() -> new PcapReader(file).read()).hasMessageContaining("libpcap");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
