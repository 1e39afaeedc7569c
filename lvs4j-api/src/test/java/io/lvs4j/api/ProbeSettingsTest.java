package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings of each kind of probe: what is wrong and what is said then. */
class ProbeSettingsTest {
  private static final HttpGet GET = HttpGet.of("/");
  private static final Path PEM = Path.of("x.pem");

  static Stream<Arguments> wrong() throws UnknownHostException {
    var tcp = HealthCheck.tcp();
    var v4 = InetAddress.getByName("127.0.0.1");
    var v6 = InetAddress.getByName("::1");
    return Stream.of(
        arguments(tcp.rise(0), "TCP_CHECK: rise: 0 (expected: 1-1000)"),
        arguments(tcp.fall(0), "TCP_CHECK: retries: -1 (expected: 0-1000)"),
        arguments(tcp.bindPort(0), "TCP_CHECK: bind port: 0 (expected: 1-65535)"),
        arguments(
            tcp.bindInterface("0123456789abcdef"),
            "TCP_CHECK: bind interface: \"0123456789abcdef\""
                + " (expected: the name of a network interface)"),
        arguments(
            tcp.bindInterface("a/b"),
            "TCP_CHECK: bind interface: \"a/b\" (expected: the name of a network interface)"),
        arguments(tcp.firewallMark(0), "TCP_CHECK: firewall mark: 0 (expected: 1-4294967295)"),
        arguments(
            tcp.address(v4).bindAddress(v6),
            "TCP_CHECK: bind address: ::1 (expected: an address of the same family as 127.0.0.1)"),
        arguments(
            HealthCheck.of(HttpGet.of(List.of())),
            "HTTP_GET: url: none (expected: at least one URL)"),
        arguments(
            HealthCheck.of(HttpGet.of(HttpUrl.of("/"), HttpUrl.of("/b").expectStatus(1))),
            "HTTP_GET: url /b: status: 1 (expected: 100-599)"),
        arguments(
            HealthCheck.of(GET.expectDigest("abc")),
            "HTTP_GET: digest: abc (expected: an MD5 in 32 hexadecimal digits)"),
        arguments(
            HealthCheck.of(GET.expectBody(BodyPattern.of("("))),
            "HTTP_GET: regex: ( (expected: a regular expression of java.util.regex:"
                + " Unclosed group)"),
        arguments(
            HealthCheck.of(GET.expectBody(BodyPattern.of("a").from(5).upTo(4))),
            "HTTP_GET: regex offset: 5 (expected: 0-4)"),
        arguments(
            HealthCheck.of(GET.tls(Tls.verified().serverName("a b"))),
            "SSL_GET: server name: \"a b\" (expected: a host name)"),
        arguments(
            HealthCheck.of(
                GET.tls(
                    new Tls(
                        true,
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        Optional.of(PEM),
                        Optional.empty(),
                        Optional.empty()))),
            "SSL_GET: client certificate: half (expected: a certificate and its key)"),
        arguments(
            HealthCheck.of(UdpExchange.ofHex("abc")),
            "UDP_CHECK: payload: abc (expected: pairs of hexadecimal digits)"),
        arguments(
            HealthCheck.of(UdpExchange.ofHex("").requireReply("yy")),
            "UDP_CHECK: reply: yy (expected: pairs of hexadecimal digits, x for any digit)"),
        arguments(
            HealthCheck.of(UdpExchange.ofHex("").replyLength(5, 4)),
            "UDP_CHECK: most reply length: 4 (expected: 5-65535)"),
        arguments(
            HealthCheck.of(new DnsQuery(DnsQuery.Type.A, "a..b")),
            "DNS_CHECK: name: \"a..b\" (expected: a domain name: labels of 1-63 characters,"
                + " dots)"),
        arguments(
            HealthCheck.of(new SmtpHello("a b")),
            "SMTP_CHECK: helo name: \"a b\" (expected: a host name)"),
        arguments(
            HealthCheck.of(new SmtpHello("a\r\nRSET")),
            "SMTP_CHECK: helo name: \"a\r\nRSET\" (expected: a host name)"),
        arguments(
            HealthCheck.of(ProcessRun.of()),
            "MISC_CHECK: command: [] (expected: a program and its arguments)"),
        arguments(
            HealthCheck.of(ProcessRun.of("x").timeout(Duration.ZERO)),
            "MISC_CHECK: timeout: 0s (expected: 1ms to 1h)"),
        arguments(
            HealthCheck.of(ProcessRun.of("x").user("-u root")),
            "MISC_CHECK: user: \"-u root\" (expected: a user, or user:group)"),
        arguments(
            HealthCheck.of(new FileValue(PEM, Integer.MIN_VALUE)),
            "FILE_CHECK: multiplier: -2147483648 (expected: -2147483647-2147483647)"),
        arguments(
            HealthCheck.of(" ", (_, _) -> new CompletableFuture<>()),
            " : name: \" \" (expected: a name for messages)"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrong")
  void aWrongSettingIsToldByItsNameItsValueAndWhatIsRight(HealthCheck check, String problem) {
    assertThat(check.problems())
        .extracting(Problem::toString)
        .containsExactly("health check " + problem);
  }

  @Test
  void whatIsRightHasNoProblems() {
    assertThat(
            Stream.of(
                HealthCheck.https("www.example.org", "/health"),
                HealthCheck.of(GET.tls(Tls.withoutVerification().clientCertificate(PEM, PEM))),
                HealthCheck.of(UdpExchange.of(new byte[] {1}).requireReply("0x xx")),
                HealthCheck.of(DnsQuery.ofRoot()),
                HealthCheck.of(SmtpHello.of()),
                HealthCheck.of(ProcessRun.of("/bin/true").dynamic().user("nobody:nogroup")),
                HealthCheck.of(new IcmpEcho()).bindInterface("eth0.100"),
                HealthCheck.of(FileValue.isZero(PEM))))
        .allSatisfy(check -> assertThat(check.problems()).isEmpty());
  }

  @Test
  void aPasswordIsNotShown() {
    assertThat(Tls.verified().clientCertificate(PEM, PEM, "secret").toString())
        .doesNotContain("secret");
  }

  @Test
  void aReportedWeightIsNotNegative() {
    assertThat(HealthReport.up("").weight(0).weight()).isEqualTo(OptionalInt.of(0));
    assertThatThrownBy(() -> HealthReport.up("").weight(-1))
        .hasMessage("weight: -1 (expected: 0-2147483647)");
  }
}
