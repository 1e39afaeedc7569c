package io.lvs4j.core.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.proxy.ProxyHeaderDecoder.Decoded;
import io.lvs4j.core.proxy.ProxyHeaderDecoder.Incomplete;
import io.lvs4j.core.proxy.ProxyHeaderDecoder.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers against netty's codec, and against bytes that are none. */
class ProxyHeaderTest {
  static Stream<ProxyHeader> headers() {
    return Stream.of(
        header("192.0.2.1", 1, "198.51.100.2", 65_535),
        header("255.255.255.255", 65_535, "255.255.255.255", 65_535),
        header("2001:db8::1", 443, "2001:db8:0:1:2:3:4:5", 8443),
        header("::1", 1024, "fe80::1", 1));
  }

  private static ProxyHeader header(String from, int fromPort, String to, int toPort) {
    return new ProxyHeader(address(from), fromPort, address(to), toPort);
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  @ParameterizedTest
  @MethodSource("headers")
  void nettyReadsWhatIsWritten(ProxyHeader header) {
    for (var bytes :
        new ByteBuf[] {
          header.version1(UnpooledByteBufAllocator.DEFAULT),
          header.version2(UnpooledByteBufAllocator.DEFAULT)
        }) {
      var channel = new EmbeddedChannel(new HAProxyMessageDecoder());
      channel.writeInbound(bytes);
      HAProxyMessage read = channel.readInbound();
      assertThat(read.command()).isEqualTo(HAProxyCommand.PROXY);
      assertThat(address(read.sourceAddress())).isEqualTo(header.source());
      assertThat(read.sourcePort()).isEqualTo(header.sourcePort());
      assertThat(address(read.destinationAddress())).isEqualTo(header.destination());
      assertThat(read.destinationPort()).isEqualTo(header.destinationPort());
      read.release();
      channel.finishAndReleaseAll();
    }
  }

  @ParameterizedTest
  @MethodSource("headers")
  void readsWhatNettyWrites(ProxyHeader header) {
    for (var version : HAProxyProtocolVersion.values()) {
      var message =
          new HAProxyMessage(
              version,
              HAProxyCommand.PROXY,
              header.source() instanceof java.net.Inet4Address
                  ? HAProxyProxiedProtocol.TCP4
                  : HAProxyProxiedProtocol.TCP6,
              header.source().getHostAddress(),
              header.destination().getHostAddress(),
              header.sourcePort(),
              header.destinationPort());
      var channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
      channel.writeOutbound(message);
      ByteBuf bytes = channel.readOutbound();
      assertThat(ProxyHeaderDecoder.decode(bytes))
          .isEqualTo(new Decoded(bytes.readableBytes(), Optional.of(header)));
      bytes.release();
      channel.finishAndReleaseAll();
    }
  }

  /** Netty's codec refuses port 0, which proxy-protocol.txt allows. */
  @Test
  void zeroIsAPortInBothVersions() {
    for (var header :
        List.of(
            header("192.0.2.1", 0, "198.51.100.2", 80),
            header("192.0.2.1", 80, "198.51.100.2", 0),
            header("2001:db8::1", 0, "2001:db8::2", 0))) {
      for (var bytes :
          new ByteBuf[] {
            header.version1(UnpooledByteBufAllocator.DEFAULT),
            header.version2(UnpooledByteBufAllocator.DEFAULT)
          }) {
        assertThat(ProxyHeaderDecoder.decode(bytes))
            .isEqualTo(new Decoded(bytes.readableBytes(), Optional.of(header)));
        bytes.release();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("headers")
  void aHeaderIsIncompleteUntilItsLastByteAndWhatFollowsIsNotPartOfIt(ProxyHeader header) {
    for (var bytes :
        new ByteBuf[] {
          header.version1(UnpooledByteBufAllocator.DEFAULT),
          header.version2(UnpooledByteBufAllocator.DEFAULT)
        }) {
      int length = bytes.readableBytes();
      for (int i = 0; i < length; i++) {
        assertThat(ProxyHeaderDecoder.decode(bytes.slice(0, i)))
            .as("%d of %d", i, length)
            .isEqualTo(new Incomplete());
      }
      var more = bytes.copy().writeBytes("PROXY TCP4 ".getBytes(ISO_8859_1));
      assertThat(ProxyHeaderDecoder.decode(more))
          .isEqualTo(new Decoded(length, Optional.of(header)));
      more.release();
      bytes.release();
    }
  }

  @Test
  void unknownAndLocalSayNothingAboutTheClient() {
    assertThat(decode("PROXY UNKNOWN\r\nx")).isEqualTo(new Decoded(15, Optional.empty()));
    assertThat(decode("PROXY UNKNOWN ffff::1 2 3 4\r\n"))
        .isEqualTo(new Decoded(29, Optional.empty()));
    assertThat(decode(v2(0x20, 0x00, 0))).isEqualTo(new Decoded(16, Optional.empty()));
    // LOCAL with addresses, as some health checkers send it, and PROXY over a UNIX socket.
    assertThat(decode(v2(0x20, 0x11, 12) + "abcdABCD1122"))
        .isEqualTo(new Decoded(28, Optional.empty()));
    assertThat(decode(v2(0x21, 0x31, 216) + "u".repeat(216)))
        .isEqualTo(new Decoded(232, Optional.empty()));
  }

  @Test
  void extensionsOfVersion2AreSkipped() {
    var result = decode(v2(0x21, 0x11, 20) + "\1\2\3\4\5\6\7\10\0\1\0\2" + "\3\0\5EXTRA");
    assertThat(result).isEqualTo(new Decoded(36, Optional.of(header("1.2.3.4", 1, "5.6.7.8", 2))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "PROXX",
        "PROXY\tTCP4",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 00 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 -0 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8  2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
        "PROXY TCP4 1.2.3.256 5.6.7.8 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP6 fe80::1%lo ::1 1 2\r\n",
        "PROXY TCP4 example.com 5.6.7.8 1 2\r\n",
        "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY \r\n",
      })
  void whatIsNoHeaderIsMalformed(String bytes) {
    assertThat(decode(bytes)).isInstanceOf(Malformed.class);
  }

  @Test
  void version2IsHeldToItsLengthAndVersion() {
    assertThat(decode(v2(0x11, 0x11, 12))).isInstanceOf(Malformed.class);
    assertThat(decode(v2(0x22, 0x11, 12))).isInstanceOf(Malformed.class);
    assertThat(decode(v2(0x21, 0x11, 11) + "abcdABCD112")).isInstanceOf(Malformed.class);
    assertThat(decode(v2(0x21, 0x21, 12) + "abcdABCD1122")).isInstanceOf(Malformed.class);
  }

  @Test
  void theLongestLineThereIsIsRead() {
    var longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    var unknown = "PROXY UNKNOWN " + longest + " " + longest + " 65535 65535\r\n";
    assertThat(unknown).hasSize(107);
    assertThat(decode(unknown)).isEqualTo(new Decoded(107, Optional.empty()));
    assertThat(decode("PROXY TCP6 " + longest + " " + longest + " 65535 65535\r\n"))
        .isEqualTo(new Decoded(104, Optional.of(header(longest, 65_535, longest, 65_535))));
    assertThat(decode(unknown.replace("\r\n", " \r\n"))).isInstanceOf(Malformed.class);
  }

  @Test
  void extensionsOfLocalAndUnspecifiedHeadersAreSkippedToo() {
    assertThat(decode(v2(0x20, 0x00, 8) + "\3\0\5EXTRA"))
        .isEqualTo(new Decoded(24, Optional.empty()));
    assertThat(decode(v2(0x21, 0x00, 8) + "\3\0\5EXTRA"))
        .isEqualTo(new Decoded(24, Optional.empty()));
    assertThat(decode(v2(0x20, 0x11, 3) + "abc")).isEqualTo(new Decoded(19, Optional.empty()));
  }

  @Test
  void aLineWithoutEndIsGivenUpAfter107Bytes() {
    assertThat(decode("PROXY UNKNOWN " + "x".repeat(92))).isEqualTo(new Incomplete());
    assertThat(decode("PROXY UNKNOWN " + "x".repeat(93))).isInstanceOf(Malformed.class);
  }

  @Test
  void noBytesWhateverMakeTheDecoderFail() {
    var random = Seed.random();
    var seeds =
        headers()
            .flatMap(h ->
                Stream.of(
                    h.version1(UnpooledByteBufAllocator.DEFAULT),
                    h.version2(UnpooledByteBufAllocator.DEFAULT)))
            .toList();
    for (int i = 0; i < 20_000; i++) {
      var bytes = seeds.get(random.nextInt(seeds.size())).copy();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes.setByte(random.nextInt(bytes.readableBytes()), random.nextInt(256));
      }
      bytes.writerIndex(random.nextInt(bytes.readableBytes() + 1));
      int readable = bytes.readableBytes();
      var result = ProxyHeaderDecoder.decode(bytes);
      assertThat(bytes.readableBytes()).as(Seed.hint()).isEqualTo(readable);
      if (result instanceof Decoded decoded) {
        assertThat(decoded.length()).as(Seed.hint()).isBetween(15, readable);
      }
      bytes.release();
    }
    seeds.forEach(ByteBuf::release);
  }

  @Test
  void twoFamiliesInOneHeaderBecomeUnknown() {
    var mixed = header("192.0.2.1", 1, "2001:db8::1", 2);
    for (var bytes :
        new ByteBuf[] {
          mixed.version1(UnpooledByteBufAllocator.DEFAULT),
          mixed.version2(UnpooledByteBufAllocator.DEFAULT)
        }) {
      assertThat(ProxyHeaderDecoder.decode(bytes))
          .isEqualTo(new Decoded(bytes.readableBytes(), Optional.empty()));
      bytes.release();
    }
  }

  private static String v2(int command, int family, int length) {
    return "\r\n\r\n\0\r\nQUIT\n"
        + (char) command
        + (char) family
        + (char) (length >> 8)
        + (char) (length & 0xff);
  }

  private static ProxyHeaderDecoder.Result decode(String bytes) {
    return ProxyHeaderDecoder.decode(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }
}
