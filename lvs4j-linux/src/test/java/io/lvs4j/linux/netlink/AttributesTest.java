package io.lvs4j.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attributes as the kernel has them; the bytes are those of a little-endian machine. */
class AttributesTest {
  @Test
  void eachKindHasItsBytes() {
    var attributes =
        Attributes.none()
            .with8(1, 0xff)
            .with16(2, 0x0102)
            .withBigEndian16(3, 0x0102)
            .with(4, 0x01020304)
            .with64(5, 0x0102030405060708L)
            .with(6, "wlc")
            .with(7, Attributes.none().with8(1, 2));
    assertThat(HexFormat.of().formatHex(attributes.encode()))
        .isEqualTo(
            "05000100"
                + "ff000000"
                + "06000200"
                + "02010000"
                + "06000300"
                + "01020000"
                + "08000400"
                + "04030201"
                + "0c000500"
                + "0807060504030201"
                + "08000600"
                + "776c6300"
                + "0c000780"
                + "0500010002000000");
  }

  @Test
  void eachKindIsReadBack() {
    var attributes =
        decoded(
            Attributes.none()
                .with8(1, 0xff)
                .with16(2, 0xfffe)
                .withBigEndian16(3, 0xfffe)
                .with(4, -2)
                .with64(5, Long.MIN_VALUE)
                .with(6, "wlc")
                .with(7, Attributes.none().with8(1, 2))
                .encode());
    assertThat(attributes.number8(1)).hasValue(0xff);
    assertThat(attributes.number16(2)).hasValue(0xfffe);
    assertThat(attributes.bigEndian16(3)).hasValue(0xfffe);
    assertThat(attributes.number32(4)).hasValue(0xffff_fffeL);
    assertThat(attributes.number64(5)).hasValue(Long.MIN_VALUE);
    assertThat(attributes.text(6)).hasValue("wlc");
    assertThat(attributes.nested(7))
        .isInstanceOfSatisfying(
            Decoded.class,
            inner ->
                assertThat(((Optional<?>) inner.value()).map(Attributes.class::cast))
                    .hasValueSatisfying(nested -> assertThat(nested.number8(1)).hasValue(2)));
  }

  @Test
  void aNumberOfAnotherLengthIsNone() {
    var attributes = Attributes.none().with8(1, 1).with16(2, 1).with(4, 1).with64(8, 1);
    for (int type : new int[] {1, 2, 4, 8, 9}) {
      assertThat(attributes.number8(type).isPresent())
          .as("8 bits of %s", type)
          .isEqualTo(type == 1);
      assertThat(attributes.number16(type).isPresent()).isEqualTo(type == 2);
      assertThat(attributes.bigEndian16(type).isPresent()).isEqualTo(type == 2);
      assertThat(attributes.number32(type).isPresent()).isEqualTo(type == 4);
      assertThat(attributes.number64(type).isPresent()).isEqualTo(type == 8);
    }
  }

  @Test
  void theLastOfSeveralWins() {
    assertThat(Attributes.none().with(1, 2).with(1, 3).number32(1)).hasValue(3);
  }

  @Test
  void aLastAttributeWithoutPaddingIsTakenAndPaddedWhenOneMoreFollows() {
    byte[] unpadded = HexFormat.of().parseHex("0500010007");
    var attributes = decoded(unpadded).with8(2, 8);
    assertThat(HexFormat.of().formatHex(attributes.encode()))
        .isEqualTo("0500010007000000" + "0500020008000000");
    assertThat(decoded(unpadded).encode()).hasSize(8);
  }

  @Test
  void attributesOfPartOfAMessageStayThatPart() {
    byte[] message = HexFormat.of().parseHex("01010000" + "0500010007000000");
    var decoding = Attributes.decode(message, 4);
    assertThat(((Decoded<Attributes>) decoding).value().encode())
        .isEqualTo(Arrays.copyOfRange(message, 4, message.length));
  }

  @Test
  void aNestThatIsNoneIsMalformed() {
    var attributes = Attributes.none().with(7, new byte[] {9, 0, 1, 0});
    assertThat(attributes.nested(7))
        .isEqualTo(new Malformed<>("length of attribute 1: 9 (expected: 4-4)"));
    assertThat(attributes.nested(8)).isEqualTo(new Decoded<>(Optional.empty()));
  }

  private static Attributes decoded(byte[] bytes) {
    return ((Decoded<Attributes>) Attributes.decode(bytes, 0)).value();
  }
}
