package io.lvs4j.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacAuthentication.AntiReplay;
import io.lvs4j.api.vrrp.HmacAuthentication.Mode;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.ReceiveCheck.Accepted;
import io.lvs4j.vrrp.wire.ReceiveCheck.Reason;
import io.lvs4j.vrrp.wire.ReceiveCheck.Rejected;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacSignatureTest {
  private static final InetAddress SENDER = InetAddress.ofLiteral("10.77.0.1");
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L, 500_000_000);
  private static final HmacKey KEY = key(7, 1);
  private static final HmacAuthentication HMAC = HmacAuthentication.of(KEY);
  private static final ReplayGuard NOBODY = ReplayGuard.forPeers(0);

  private static HmacKey key(int id, int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return HmacKey.of(id, secret);
  }

  private static VrrpInstance instance(HmacAuthentication authentication) {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .virtualAddress("10.77.0.100/24")
        .authentication(authentication)
        .build();
  }

  private static byte[] message() {
    return new VrrpV3(
            new VirtualRouterId(51),
            new Priority(150),
            Duration.ofSeconds(1),
            List.of(InetAddress.ofLiteral("10.77.0.100")),
            VrrpV3.Coverage.PSEUDO_HEADER)
        .encode(SENDER, MulticastGroups.IPV4);
  }

  private static byte[] signed(HmacKey key, SigningStamp stamp) {
    return HmacTrailer.sign(message(), SENDER, key, stamp).appendTo(message());
  }

  private static ReceiveCheck.Outcome check(
      HmacAuthentication authentication, byte[] payload, ReplayGuard guard) {
    var decoding = ReceivedAdvert.decode(Datagram.of(SENDER, MulticastGroups.IPV4, 255, payload));
    assertThat(decoding).isInstanceOf(Decoded.class);
    var received = ((Decoded<ReceivedAdvert>) decoding).value();
    return ReceiveCheck.check(instance(authentication), received, guard, NOW);
  }

  private static Reason rejected(ReceiveCheck.Outcome outcome) {
    return ((Rejected) outcome).reason();
  }

  @Test
  void theTrailerIsLaidOutAsTheDraftSays() throws Exception {
    byte[] bytes = signed(KEY, new SigningStamp(0x01020304L, 0x8000, 5));

    var prefix = "01070000" + "01020304" + "8000" + "0005";
    assertThat(bytes).hasSize(message().length + 28);
    assertThat(HexFormat.of().formatHex(bytes, message().length, message().length + 12))
        .isEqualTo(prefix);
    var withoutChecksum = message();
    withoutChecksum[6] = 0;
    withoutChecksum[7] = 0;
    var covered =
        "04033300"
            + "0a4d0001"
            + "00".repeat(12)
            + HexFormat.of().formatHex(withoutChecksum)
            + prefix
            + "00".repeat(16);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.secret(), "HmacSHA256"));
    assertThat(Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length))
        .isEqualTo(Arrays.copyOf(mac.doFinal(HexFormat.of().parseHex(covered)), 16));
  }

  @Test
  void aSignedAdvertIsBelieved() {
    assertThat(check(HMAC, signed(KEY, SigningStamp.of(NOW)), NOBODY)).isInstanceOf(Accepted.class);
  }

  @Test
  void noBitOfASignedAdvertCanBeChangedUnnoticed() {
    byte[] bytes = signed(KEY, SigningStamp.of(NOW));
    for (int bit = message().length * 8; bit < bytes.length * 8; bit++) {
      var changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      var decoding = ReceivedAdvert.decode(Datagram.of(SENDER, MulticastGroups.IPV4, 255, changed));
      if (decoding instanceof Decoded<ReceivedAdvert>(ReceivedAdvert received)) {
        assertThat(ReceiveCheck.check(instance(HMAC), received, NOBODY, NOW))
            .as("bit %d", bit)
            .isInstanceOf(Rejected.class);
      }
    }
  }

  @Test
  void theChecksumIsNotCovered() {
    byte[] bytes = signed(KEY, SigningStamp.of(NOW));
    var messageOnly =
        new VrrpV3(
                new VirtualRouterId(51),
                new Priority(150),
                Duration.ofSeconds(1),
                List.of(InetAddress.ofLiteral("10.77.0.100")),
                VrrpV3.Coverage.MESSAGE)
            .encode(SENDER, MulticastGroups.IPV4);
    System.arraycopy(messageOnly, 6, bytes, 6, 2);

    assertThat(check(HMAC, bytes, NOBODY)).isInstanceOf(Accepted.class);
  }

  @Test
  void anotherKeyOrAnUnknownOneIsAFailure() {
    assertThat(rejected(check(HMAC, signed(key(7, 2), SigningStamp.of(NOW)), NOBODY)))
        .isEqualTo(Reason.AUTHENTICATION_FAILURE);
    assertThat(rejected(check(HMAC, signed(key(8, 1), SigningStamp.of(NOW)), NOBODY)))
        .isEqualTo(Reason.AUTHENTICATION_FAILURE);
    assertThat(
            check(HMAC.alsoAccepting(key(8, 1)), signed(key(8, 1), SigningStamp.of(NOW)), NOBODY))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void aRepeatedAdvertIsRefused() {
    byte[] bytes = signed(KEY, SigningStamp.of(NOW));
    var guard = ((Accepted) check(HMAC, bytes, NOBODY)).guard();

    assertThat(rejected(check(HMAC, bytes, guard))).isEqualTo(Reason.REPLAY);
    var next = SigningStamp.of(NOW).next(NOW);
    assertThat(check(HMAC, signed(KEY, next), guard)).isInstanceOf(Accepted.class);
  }

  @Test
  void anAdvertFromAnotherTimeOfDayIsRefusedUnlessOnlyOrderCounts() {
    byte[] old = signed(KEY, SigningStamp.of(NOW.minusSeconds(6)));

    assertThat(rejected(check(HMAC, old, NOBODY))).isEqualTo(Reason.REPLAY);
    assertThat(check(HMAC.timeWindow(Duration.ofSeconds(6)), old, NOBODY))
        .isInstanceOf(Accepted.class);
    assertThat(check(HMAC.antiReplay(AntiReplay.MONOTONIC), old, NOBODY))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void anUnsignedAdvertIsRefusedOnlyWhereSignaturesAreEnforced() {
    assertThat(rejected(check(HMAC, message(), NOBODY)))
        .isEqualTo(Reason.AUTHENTICATION_TYPE_MISMATCH);
    assertThat(check(HMAC.mode(Mode.PERMISSIVE), message(), NOBODY)).isInstanceOf(Accepted.class);
    assertThat(check(HMAC.mode(Mode.RECEIVE_ONLY), message(), NOBODY)).isInstanceOf(Accepted.class);
  }

  @Test
  void stampsGrowWithinOneMomentAndAcrossTheEndOfTheirSeconds() {
    var first = SigningStamp.of(NOW);

    assertThat(first.next(NOW)).isEqualTo(new SigningStamp(1_800_000_000L, 0x8000, 1));
    assertThat(new SigningStamp(0xffff_ffffL, 0xffff, 0xffff).next(Instant.EPOCH))
        .isEqualTo(new SigningStamp(0, 0, 0));
    assertThat(new SigningStamp(0, 0, 0).isAfter(new SigningStamp(0xffff_ffffL, 0, 0))).isTrue();
  }

  @Test
  void theGuardForgetsTheSenderThatWasSilentLongest() {
    var guard = NOBODY;
    var stamp = SigningStamp.of(NOW);
    for (int i = 1; i <= 5; i++) {
      guard = guard.with(InetAddress.ofLiteral("10.0.0." + i), stamp);
    }

    assertThat(guard.isFresh(InetAddress.ofLiteral("10.0.0.1"), stamp)).isTrue();
    assertThat(guard.isFresh(InetAddress.ofLiteral("10.0.0.2"), stamp)).isFalse();
  }
}
