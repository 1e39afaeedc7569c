package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.Tls;
import io.lvs4j.api.UdpExchange;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every checker of keepalived, and what it is when little is said. */
class CheckerBlockTest {
  private static KeepalivedConfiguration read(String before, String... lines) {
    return Read.text(
        before
            + "virtual_server 10.0.0.1 80 {\nprotocol TCP\nreal_server 10.0.0.2 80 {\n"
            + String.join("\n", lines)
            + "\n}\n}\n");
  }

  private static HealthCheck check(String... lines) {
    return only(read("", lines));
  }

  private static HealthCheck only(KeepalivedConfiguration read) {
    return read.virtualServers().getFirst().realServers().getFirst().healthChecks().getFirst();
  }

  /** What keepalived does when only the kind is said. */
  private static HealthCheck plain(HealthCheck check) {
    return check
        .every(Duration.ofMinutes(1))
        .warmUp(Duration.ofMinutes(1))
        .connectTimeout(Duration.ofSeconds(5))
        .retries(1)
        .delayBeforeRetry(Duration.ofSeconds(1));
  }

  @Test
  void aProgram() {
    var minimal = check("MISC_CHECK {", "misc_path \"/usr/bin/check -a 'b c'\"", "}");

    assertThat(minimal)
        .isEqualTo(plain(HealthCheck.of(ProcessRun.of("/usr/bin/check", "-a", "b c"))).retries(0));
    assertThat(check("MISC_CHECK {", "misc_path /x", "misc_timeout 7", "misc_dynamic", "}").probe())
        .isEqualTo(ProcessRun.of("/x").timeout(Duration.ofSeconds(7)).dynamic());
    assertThat(Read.told(read("", "MISC_CHECK {", "misc_dynamic", "}")))
        .containsExactly("4:1: error: MISC_CHECK: no misc_path (expected: a program)");
  }

  @Test
  void rootMayRunAProgramAsSomebodyElse() {
    var root = KeepalivedReader.builder().forAnotherHost().user("root").build();
    var text =
        "virtual_server 10.0.0.1 80 {\nprotocol TCP\nreal_server 10.0.0.2 80 {\n"
            + "MISC_CHECK {\nmisc_path /x\nuser nobody nogroup\n}\n}\n}\n";

    var read = root.read("k.conf", text, Path.of("."));

    assertThat(only(read).probe()).isEqualTo(ProcessRun.of("/x").user("nobody:nogroup"));
    assertThat(read.diagnostics()).isEmpty();
    var other =
        KeepalivedReader.builder()
            .forAnotherHost()
            .user("app")
            .build()
            .read("k.conf", text, Path.of("."));
    assertThat(only(other).probe()).isEqualTo(ProcessRun.of("/x"));
    assertThat(other.hasWarnings()).isTrue();
  }

  @Test
  void aNameServer() {
    assertThat(check("DNS_CHECK {", "}"))
        .isEqualTo(
            plain(HealthCheck.of(DnsQuery.ofRoot()))
                .retries(3)
                .delayBeforeRetry(Duration.ofMinutes(1)));
    assertThat(check("DNS_CHECK {", "type txt", "name www.example.org", "}").probe())
        .isEqualTo(new DnsQuery(DnsQuery.Type.TXT, "www.example.org"));
    assertThat(Read.told(read("", "DNS_CHECK {", "type PTR", "}")))
        .singleElement()
        .asString()
        .startsWith("5:6: error: type: 'PTR' (expected: one of A, NS");
  }

  @Test
  void aMailServer() {
    assertThat(check("SMTP_CHECK {", "}"))
        .isEqualTo(plain(HealthCheck.of(new SmtpHello("smtpchecker.keepalived.org"))));
    assertThat(check("SMTP_CHECK {", "helo_name a.b", "}").probe()).isEqualTo(new SmtpHello("a.b"));
  }

  @Test
  void eachHostOfAMailServerHasToAnswer() {
    var checks =
        read(
                "",
                "SMTP_CHECK {",
                "connect_port 25",
                "host {",
                "connect_ip 10.0.0.8",
                "}",
                "host {",
                "connect_ip 10.0.0.9",
                "connect_port 26",
                "}",
                "}")
            .virtualServers()
            .getFirst()
            .realServers()
            .getFirst()
            .healthChecks();

    assertThat(checks)
        .extracting(check -> check.endpointOf(new Endpoint(InetAddress.ofLiteral("10.0.0.2"), 80)))
        .extracting(Endpoint::toString)
        .containsExactly("10.0.0.8:25", "10.0.0.9:26");
  }

  @Test
  void datagrams() {
    assertThat(check("UDP_CHECK {", "}"))
        .isEqualTo(plain(HealthCheck.of(UdpExchange.ofRandomBytes())));
    assertThat(
            check(
                    "UDP_CHECK {",
                    "payload 00 ff",
                    "require_reply 0x xx",
                    "min_reply_length 2",
                    "max_reply_length 9",
                    "}")
                .probe())
        .isEqualTo(UdpExchange.ofHex("00ff").requireReply("0xxx").replyLength(2, 9));
    assertThat(check("UDP_CHECK {", "require_reply", "}").probe())
        .isEqualTo(UdpExchange.ofRandomBytes().requireReply());
    assertThat(Read.told(read("", "UDP_CHECK {", "payload 0g", "}")))
        .singleElement()
        .asString()
        .contains("error")
        .contains("payload");
  }

  @Test
  void aPing() {
    assertThat(check("PING_CHECK {", "}")).isEqualTo(plain(HealthCheck.of(new IcmpEcho())));
  }

  @Test
  void aFileByTheNameThatItHasElsewhere() {
    var file = "track_file f {\nfile /run/weight\nweight 2\n}\n";

    assertThat(only(read(file, "FILE_CHECK {", "track_file f", "}")).probe())
        .isEqualTo(new FileValue(Path.of("/run/weight"), 2));
    assertThat(only(read(file, "FILE_CHECK {", "track_file f", "weight -3", "}")).probe())
        .isEqualTo(new FileValue(Path.of("/run/weight"), -3));
    assertThat(Read.told(read(file, "FILE_CHECK {", "track_file g", "}")))
        .containsExactly(
            "9:12: error: FILE_CHECK: 'g' (expected: the name of a track_file) (did you mean f?)");
    var printed = read(file, "FILE_CHECK {", "track_file f", "weight -3", "}").print();
    assertThat(only(Read.text(printed.text())).probe())
        .isEqualTo(new FileValue(Path.of("/run/weight"), -3));
  }

  @Test
  void urlsWithAllThatTheyMayExpect() {
    var check =
        check(
            "HTTP_GET {",
            "http_protocol 1.1",
            "fast_recovery",
            "virtualhost outer",
            "url {",
            "path /a",
            "digest 0123456789ABCDEF0123456789abcdef",
            "}",
            "url {",
            "path /b",
            "virtualhost inner",
            "regex \"^It is (ok|fine)\"",
            "regex_options caseless multiline",
            "regex_no_match",
            "regex_min_offset 3",
            "regex_max_offset 9",
            "}",
            "}");

    assertThat(check.probe())
        .isEqualTo(
            HttpGet.of(
                    List.of(
                        HttpUrl.of("/a")
                            .virtualHost("outer")
                            .expectDigest("0123456789abcdef0123456789abcdef"),
                        HttpUrl.of("/b")
                            .virtualHost("inner")
                            .expectBody(
                                new BodyPattern(
                                    "^It is (ok|fine)",
                                    Pattern.CASE_INSENSITIVE | Pattern.MULTILINE,
                                    true,
                                    3,
                                    OptionalInt.of(9)))))
                .protocol(HttpProtocol.HTTP_1_1)
                .fastRecovery(true));
  }

  @Test
  void tlsVerifiesNothingAsInKeepalivedAndThatIsSaid() {
    var read =
        read(
            "SSL {\nca /ca.pem\ncertificate /c.pem\nkey /k.pem\npassword geheim\n}\n",
            "SSL_GET {",
            "enable_sni",
            "virtualhost www",
            "url {",
            "path /",
            "}",
            "}");

    var get = (HttpGet) only(read).probe();
    assertThat(get.tls())
        .contains(
            Tls.withoutVerification()
                .sendServerName(true)
                .certificateAuthority(Path.of("/ca.pem"))
                .clientCertificate(Path.of("/c.pem"), Path.of("/k.pem"), "geheim"));
    assertThat(Read.told(read))
        .singleElement()
        .asString()
        .contains("note: SSL_GET: the certificate is not verified");
    var again = Read.text(read.print().text());
    assertThat(only(again)).isEqualTo(only(read));
  }

  @Test
  void whereACheckGoesAndWhereFrom() {
    var check =
        check(
            "TCP_CHECK {",
            "connect_ip 10.0.0.9",
            "connect_port 81",
            "bindto 10.0.0.8",
            "bind_port 1024",
            "bind_if eth1",
            "fwmark 7",
            "}");

    assertThat(check.address()).contains(InetAddress.ofLiteral("10.0.0.9"));
    assertThat(check.port()).hasValue(81);
    assertThat(check.bindAddress()).contains(InetAddress.ofLiteral("10.0.0.8"));
    assertThat(check.bindPort()).hasValue(1024);
    assertThat(check.bindInterface()).contains("eth1");
    assertThat(check.firewallMark()).isEqualTo(OptionalLong.of(7));
  }

  @Test
  void failuresAreLoggedWhereOneOrAllOfThemSaySo() {
    assertThat(check("TCP_CHECK {", "log_all_failures", "}").isLoggingAllFailures()).isTrue();
    var all = "global_defs {\nchecker_log_all_failures\n}\n";
    assertThat(only(read(all, "TCP_CHECK {", "}")).isLoggingAllFailures()).isTrue();
    assertThat(only(read(all, "TCP_CHECK {", "log_all_failures off", "}")).isLoggingAllFailures())
        .isFalse();
  }

  @Test
  void theNearestOfThreeSettingsCounts() {
    var read =
        Read.text(
            "virtual_server 10.0.0.1 80 {\nprotocol TCP\nretry 5\ndelay_before_retry 6\n"
                + "real_server 10.0.0.2 80 {\nretry 7\nMISC_CHECK {\nmisc_path /x\n}\n"
                + "DNS_CHECK {\nretry 8\n}\n}\n}\n");

    var checks = read.virtualServers().getFirst().realServers().getFirst().healthChecks();
    assertThat(checks).extracting(HealthCheck::retries).containsExactly(7, 8);
    assertThat(checks)
        .extracting(HealthCheck::delayBeforeRetry)
        .containsOnly(Duration.ofSeconds(6));
  }

  @Test
  void theLifeOfAVirtualServer() {
    var text =
        "global_defs {\nrs_init_notifies\n}\nvirtual_server 10.0.0.1 80 {\nprotocol TCP\nomega\n"
            + "ha_suspend\nreal_server 10.0.0.2 80 {\n}\n}\n";

    var server = Read.text(text).virtualServers().getFirst();

    assertThat(Read.told(text)).isEmpty();
    assertThat(server.isOmega()).isTrue();
    assertThat(server.isHaSuspended()).isTrue();
    assertThat(server.isNotifyingAtStart()).isTrue();
    assertThat(Read.text(Read.text(text).print().text()).virtualServers()).containsExactly(server);
    assertThat(
            Read.told("virtual_server fwmark 5 {\nha_suspend\nreal_server 10.0.0.2 80 {\n}\n}\n"))
        .singleElement()
        .asString()
        .contains("2:1: warning: ha_suspend: of a firewall mark");
  }

  @Test
  void severalLinesOfStatusCodesCountTogether() {
    var check =
        Read.virtualServer(
                "protocol TCP",
                "real_server 10.0.0.2 80 {",
                "HTTP_GET {",
                "url {",
                "path /",
                "status_code 200",
                "status_code 204-206 301",
                "status_code 200",
                "}",
                "}",
                "}")
            .realServers()
            .getFirst()
            .healthChecks()
            .getFirst();
    assertThat(((HttpGet) check.probe()).urls().getFirst().statuses())
        .containsExactlyInAnyOrder(200, 204, 205, 206, 301);
  }
}
