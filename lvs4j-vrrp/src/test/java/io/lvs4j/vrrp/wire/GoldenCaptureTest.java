package io.lvs4j.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.wire.Captures.Captured;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenCaptureTest {
  @Test
  void theCapturesHoldEveryKindOfAdvert() {
    assertThat(Captures.adverts().filter(Captured::isIpv4)).hasSize(21);
    assertThat(Captures.adverts().filter(captured -> !captured.isIpv4())).hasSize(6);
    assertThat(authenticatedByHeader()).hasSize(3);
  }

  static Stream<Captured> adverts() {
    return Captures.adverts();
  }

  @ParameterizedTest
  @MethodSource("adverts")
  void anAdvertIsEncodedAsKeepalivedSentIt(Captured captured) {
    byte[] message =
        switch (decoded(captured).advert()) {
          case VrrpV2 advert -> advert.encode();
          case VrrpV3 advert -> advert.encode(captured.source(), captured.destination());
        };

    assertThat(message).isEqualTo(captured.message());
  }

  @ParameterizedTest
  @MethodSource("adverts")
  void anAdvertSaysWhatKeepalivedWasConfiguredWith(Captured captured) {
    var advert = decoded(captured).advert();

    assertThat(advert.virtualRouterId().value()).isEqualTo(51);
    assertThat(advert.priority().value()).isIn(150, 0);
    assertThat(advert.addresses()).hasSize(2);
    assertThat(advert.version())
        .isEqualTo(captured.section().startsWith("v2") ? VrrpVersion.V2 : VrrpVersion.V3);
    assertThat(advert.interval())
        .isEqualTo(
            captured.section().contains("adv 0.5")
                ? Duration.ofMillis(500)
                : Duration.ofSeconds(1));
  }

  @Test
  void theChecksumOfEachVersion3CaptureCoversWhatItsSectionSays() {
    var coverages =
        adverts()
            .filter(captured -> captured.section().startsWith("v3"))
            .collect(
                Collectors.toMap(
                    Captured::section,
                    captured -> ((VrrpV3) decoded(captured).advert()).coverage(),
                    (one, same) -> {
                      assertThat(one).isEqualTo(same);
                      return one;
                    }));

    assertThat(coverages)
        .containsEntry("v3 mcast adv 0.5", VrrpV3.Coverage.PSEUDO_HEADER)
        .containsEntry("v3 unicast peer 10.77.0.2 adv 1", VrrpV3.Coverage.PSEUDO_HEADER)
        .containsEntry("v3 unicast old_unicast_checksum", VrrpV3.Coverage.MULTICAST_PSEUDO_HEADER)
        .containsEntry("v3 IPv6 mcast", VrrpV3.Coverage.PSEUDO_HEADER);
  }

  static Stream<Captured> authenticatedByHeader() {
    return Captures.all().stream().filter(Captured::isAuthenticatedByHeader);
  }

  @ParameterizedTest
  @MethodSource("authenticatedByHeader")
  void anAuthenticationHeaderIsRefusedByName(Captured captured) {
    assertThat(captured.decode())
        .isEqualTo(
            new Malformed<>(
                Reason.AUTHENTICATION_HEADER,
                "authentication type 2, AH (expected: none or PASS)"));
  }

  private static ReceivedAdvert decoded(Captured captured) {
    return switch (captured.decode()) {
      case Decoded<ReceivedAdvert>(ReceivedAdvert value) -> value;
      case Malformed<ReceivedAdvert> malformed -> throw new AssertionError(malformed);
    };
  }
}
