package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Endpoint;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The words of outcomes. */
class WordingTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "PT5S,5 s",
    "PT1S,1 s",
    "PT0.999S,999 ms",
    "PT1.5S,1.5 s",
    "PT0.25S,250 ms",
    "PT0.0015S,1.5 ms",
    "PT10S,10 s",
    "PT1M30S,90 s",
    "PT1H,3600 s",
  })
  void durationsAreSecondsOrMilliseconds(Duration duration, String text) {
    assertThat(Wording.duration(duration)).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "200|200",
        "200 201|200-201",
        "200 202|200, 202",
        "204 200 201 202|200-202, 204",
        "200 200 201|200-201",
        "100 101 102 404 500 501|100-102, 404, 500-501",
      })
  void statusesAreRanges(String statuses, String text) {
    var list = Arrays.stream(statuses.split(" ")).map(Integer::valueOf).toList();
    assertThat(Wording.statuses(list)).isEqualTo(text);
  }

  @Test
  void allStatusesAreOneRange() {
    assertThat(Wording.statuses(IntStream.range(100, 600).boxed().toList())).isEqualTo("100-599");
    assertThat(Wording.statuses(List.of())).isEmpty();
  }

  static Stream<Arguments> connectFailures() {
    // As NIO, as netty's epoll transport, and as other systems put it.
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), "connection refused"),
        Arguments.of(
            new ConnectException("finishConnect(..) failed with error(-111): Connection refused"),
            "connection refused"),
        Arguments.of(new NoRouteToHostException("No route to host"), "no route to host"),
        Arguments.of(new NoRouteToHostException(), "no route to host"),
        Arguments.of(new NoRouteToHostException("Host is unreachable"), "no route to host"),
        Arguments.of(new ConnectException("Network is unreachable"), "no route to host"),
        Arguments.of(new ConnectException("Connection timed out"), "connect timed out"),
        Arguments.of(new SocketException("Connection reset"), "connection reset"),
        Arguments.of(new SocketException("Permission denied"), "connect failed: Permission denied"),
        Arguments.of(
            new ChannelException("outer", new IOException("inner")), "connect failed: inner"),
        Arguments.of(new SocketException(), "connect failed: SocketException"));
  }

  @ParameterizedTest
  @MethodSource("connectFailures")
  void connectFailuresHaveOneNameOnEveryTransport(Throwable failure, String text) {
    assertThat(Wording.connectFailure(failure)).isEqualTo(text);
  }

  @Test
  void readFailuresToo() {
    assertThat(Wording.readFailure(new SocketException("Connection reset")))
        .isEqualTo("connection reset");
    assertThat(Wording.readFailure(new IOException("Broken pipe"))).isEqualTo("connection reset");
    assertThat(Wording.readFailure(new IOException("other"))).isEqualTo("other");
  }

  @ParameterizedTest(name = "Host: {1}")
  @CsvSource({
    "10.0.0.7,10.0.0.7:80",
    "2001:db8::7,[2001:db8::7]:80",
    "fe80::1%1,[fe80::1]:80",
  })
  void theHostHeaderHasNoZone(String address, String host) throws Exception {
    assertThat(Wording.hostHeader(new Endpoint(InetAddress.getByName(address), 80)))
        .isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"abc|\"abc\"", "a\"b\\c|\"a\\x22b\\x5cc\"", "0123456789|\"0123456789...\""})
  void whatAServerSentIsQuotedWithoutHarm(String sent, String quoted) {
    var bytes = Arrays.copyOf(sent.getBytes(US_ASCII), 10);
    assertThat(Wording.firstLine(bytes, sent.length())).isEqualTo(quoted);
  }

  @Test
  void onlyTheFirstLineIsQuoted() {
    var bytes = "ab\ncd".getBytes(US_ASCII);
    assertThat(Wording.firstLine(bytes, bytes.length)).isEqualTo("\"ab\"");
    assertThat(Wording.firstLine(bytes, 0)).isEqualTo("\"\"");
  }
}
