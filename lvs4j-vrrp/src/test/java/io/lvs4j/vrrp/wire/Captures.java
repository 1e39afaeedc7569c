package io.lvs4j.vrrp.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The frames that keepalived 2.2.7 sent, as captured on an Ethernet link. */
final class Captures {
  static final int ETHERNET = 14;

  private Captures() {}

  /** What a frame holds, by its headers. */
  enum Kind {
    ADVERT_V4,
    ADVERT_V6,
    AUTHENTICATION_HEADER,
    ARP,
    NEIGHBOUR_ADVERTISEMENT
  }

  record Frame(String section, int line, byte[] bytes) {
    Kind kind() {
      return switch (Bytes.u16(bytes, 12)) {
        case 0x0806 -> Kind.ARP;
        case 0x0800 ->
            Bytes.u8(bytes, ETHERNET + 9) == 112 ? Kind.ADVERT_V4 : Kind.AUTHENTICATION_HEADER;
        case 0x86dd ->
            Bytes.u8(bytes, ETHERNET + 6) == 112 ? Kind.ADVERT_V6 : Kind.NEIGHBOUR_ADVERTISEMENT;
        default -> throw new AssertionError(this);
      };
    }

    /** Reads whatever the frame holds with the decoder that is meant for it. */
    Decoding<?> decode(byte[] changed) {
      int length = changed.length - ETHERNET;
      return switch (kind()) {
        case ADVERT_V4, AUTHENTICATION_HEADER ->
            Datagram.ofIpv4(changed, ETHERNET, length).then(ReceivedAdvert::decode);
        case ADVERT_V6 -> Datagram.ofIpv6(changed, ETHERNET, length).then(ReceivedAdvert::decode);
        case ARP -> GratuitousArp.decode(changed, 0, changed.length);
        case NEIGHBOUR_ADVERTISEMENT -> NeighbourAdvertisement.decode(changed, 0, changed.length);
      };
    }

    byte[] ethernet() {
      return Arrays.copyOf(bytes, ETHERNET);
    }

    @Override
    public String toString() {
      return section + " line " + line;
    }
  }

  static Stream<Frame> frames() {
    return Stream.of("golden.txt", "golden6.txt").flatMap(file -> frames(file).stream());
  }

  static Stream<Frame> frames(Kind kind) {
    return frames().filter(frame -> frame.kind() == kind);
  }

  private static List<Frame> frames(String file) {
    var frames = new ArrayList<Frame>();
    var stream = Objects.requireNonNull(Captures.class.getResourceAsStream("/captures/" + file));
    try (var reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      var section = file;
      int line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (text.startsWith("#####")) {
          section = text.substring(6);
        } else if (!text.isBlank()) {
          frames.add(new Frame(section, line, HexFormat.of().parseHex(text.split(" ")[1])));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return frames;
  }
}
