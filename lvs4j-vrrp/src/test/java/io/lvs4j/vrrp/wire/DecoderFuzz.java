package io.lvs4j.vrrp.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.host.InternetChecksum;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * A target for Jazzer, run by name only: {@code JAZZER_FUZZ=1 mvn test -pl lvs4j-vrrp
 * -Dtest=DecoderFuzz}. Whatever arrives is decoded or refused; what is decoded can be encoded again
 * and means the same.
 */
class DecoderFuzz {
  private static final InetAddress[] SENDERS = {
    InetAddress.ofLiteral("10.77.0.1"), InetAddress.ofLiteral("fe80::1")
  };

  @FuzzTest(maxDuration = "60s")
  void nothingThatArrivesThrows(byte[] bytes) {
    for (var sender : SENDERS) {
      var group = MulticastGroups.of(AddressFamily.of(sender));
      ReceivedAdvert.decode(Datagram.of(sender, group, 255, bytes));
      var decoding = ReceivedAdvert.decode(Datagram.of(sender, group, 255, withChecksum(bytes)));
      if (decoding instanceof Decoded<ReceivedAdvert>(ReceivedAdvert received)) {
        byte[] encoded =
            switch (received.advert()) {
              case VrrpV2 advert -> advert.encode();
              case VrrpV3 advert -> advert.encode(sender, group);
            };
        var again = ReceivedAdvert.decode(Datagram.of(sender, group, 255, encoded));
        if (!(again instanceof Decoded<ReceivedAdvert>(ReceivedAdvert same))
            || !same.advert().equals(received.advert())) {
          throw new AssertionError(received + " became " + again);
        }
      }
    }
  }

  /** Puts the right checksum in, which a fuzzer would be long in finding. */
  private static byte[] withChecksum(byte[] bytes) {
    byte[] right = bytes.clone();
    if (right.length >= 8) {
      Arrays.fill(right, 6, 8, (byte) 0);
      Bytes.put16(right, 6, new InternetChecksum().add(right, 0, right.length).value());
    }
    return right;
  }
}
