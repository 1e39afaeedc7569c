package io.lvs4j.vrrp.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The adverts that keepalived 2.2.7 sent, without the headers around them: source, destination, TTL
 * and the message. The whole frames are among the tests of lvs4j-linux.
 */
final class Captures {
  private Captures() {}

  record Captured(
      String section,
      int line,
      InetAddress source,
      InetAddress destination,
      int timeToLive,
      byte[] message) {

    /** Says whether it was sent with an IPsec authentication header, which is not spoken here. */
    boolean isAuthenticatedByHeader() {
      return section.startsWith("v2 AH");
    }

    boolean isIpv4() {
      return source.getAddress().length == 4;
    }

    Decoding<ReceivedAdvert> decode() {
      return decode(message);
    }

    Decoding<ReceivedAdvert> decode(byte[] changed) {
      return ReceivedAdvert.decode(Datagram.of(source, destination, timeToLive, changed));
    }

    @Override
    public String toString() {
      return section + " line " + line;
    }
  }

  /** Returns those that are to be understood. */
  static Stream<Captured> adverts() {
    return all().stream().filter(captured -> !captured.isAuthenticatedByHeader());
  }

  static List<Captured> all() {
    var all = new ArrayList<Captured>();
    var stream =
        Objects.requireNonNull(Captures.class.getResourceAsStream("/captures/adverts.txt"));
    try (var reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      var section = "";
      int line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (text.startsWith("#####")) {
          section = text.substring(6);
        } else {
          var fields = text.split(" ");
          all.add(
              new Captured(
                  section,
                  line,
                  InetAddress.ofLiteral(fields[0]),
                  InetAddress.ofLiteral(fields[1]),
                  Integer.parseInt(fields[2]),
                  HexFormat.of().parseHex(fields[3])));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return all;
  }
}
