package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.Tls;
import io.lvs4j.health.Certificates;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** SSL_GET before servers that are trusted, and before those that are not. */
@ParameterizedClass
@MethodSource("transports")
class TlsTest extends AttemptTester {
  @TempDir private static Path directory;

  private static Certificates.Pair good;
  private static Certificates.Pair expired;
  private static Certificates.Pair notYet;
  private static Certificates.Pair other;

  @BeforeAll
  static void makeCertificates() throws Exception {
    var certificates = new Certificates(directory);
    var names = "SAN=dns:www.example.org,ip:127.0.0.1";
    good = certificates.make("good", "-ext", names);
    expired = certificates.make("expired", "-ext", names, "-startdate", "-3d", "-validity", "1");
    notYet = certificates.make("notyet", "-ext", names, "-startdate", "+1d");
    other = certificates.make("other", "-ext", "SAN=dns:mail.example.org");
  }

  private static HealthCheck check(Tls tls) {
    return HealthCheck.of(HttpGet.of("/health").tls(tls));
  }

  private static Tls trusting(Certificates.Pair pair) throws Exception {
    return Tls.verified().certificateAuthority(pair.certificate());
  }

  private static ScriptedPeer server(Certificates.Pair pair) throws Exception {
    return ScriptedPeer.overTls(
        pair.server(),
        c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
  }

  private static String at(Endpoint endpoint) {
    return "SSL_GET /health at " + endpoint + ": ";
  }

  @Test
  void aServerWithATrustedCertificateForItsAddressPasses() throws Exception {
    try (var peer = server(good)) {
      assertPasses(check(trusting(good)), peer.endpoint(), at(peer.endpoint()) + "status 200");
    }
  }

  @Test
  void aServerWithATrustedCertificateForItsNamePassesAndIsToldTheName() throws Exception {
    var names = new CompletableFuture<List<?>>();
    try (var peer =
        ScriptedPeer.overTls(
            good.server(),
            c -> {
              c.readRequest();
              names.complete(((ExtendedSSLSession) c.tls()).getRequestedServerNames());
              c.send("HTTP/1.1 200 OK\r\n\r\n");
            })) {
      var tls = trusting(good).serverName("www.example.org");
      assertPasses(check(tls), peer.endpoint(), at(peer.endpoint()) + "status 200");
      assertThat(names.get(10, TimeUnit.SECONDS)).asString().contains("www.example.org");
    }
  }

  @Test
  void theNameOfTheVirtualHostIsVerifiedIfNoOtherIsGiven() throws Exception {
    try (var peer = server(other)) {
      var get = HttpGet.of("/health").tls(trusting(other));
      assertPasses(
          HealthCheck.of(get.virtualHost("mail.example.org:8443")),
          peer.endpoint(),
          at(peer.endpoint()) + "status 200");
      assertThat(outcome(HealthCheck.of(get.virtualHost("www.example.org")), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class)
          .extracting(Outcome::detail)
          .asString()
          .contains("certificate for another name")
          .contains("(expected: a certificate for www.example.org by an authority of ");
    }
  }

  @Test
  void withoutANameNoneIsSent() throws Exception {
    var names = new CompletableFuture<List<?>>();
    try (var peer =
        ScriptedPeer.overTls(
            good.server(),
            c -> {
              c.readRequest();
              names.complete(((ExtendedSSLSession) c.tls()).getRequestedServerNames());
              c.send("HTTP/1.1 200 OK\r\n\r\n");
            })) {
      var get = HttpGet.of("/health").virtualHost("www.example.org");
      outcome(HealthCheck.of(get.tls(trusting(good).sendServerName(false))), peer.endpoint());
      assertThat(names.get(10, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @Test
  void whoeverIsNotTrustedFails() throws Exception {
    try (var peer = server(good)) {
      assertFails(
          check(Tls.verified()),
          peer.endpoint(),
          at(peer.endpoint())
              + "certificate signed by nobody who is trusted (expected: a certificate for"
              + " 127.0.0.1 by an authority that this JVM trusts)");
    }
  }

  @Test
  void anExpiredCertificateFails() throws Exception {
    try (var peer = server(expired)) {
      assertThat(outcome(check(trusting(expired)), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class)
          .extracting(Outcome::detail)
          .asString()
          .startsWith(at(peer.endpoint()) + "certificate expired (NotAfter: ");
    }
  }

  @Test
  void aCertificateOfTomorrowFails() throws Exception {
    try (var peer = server(notYet)) {
      assertThat(outcome(check(trusting(notYet)), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class)
          .extracting(Outcome::detail)
          .asString()
          .startsWith(at(peer.endpoint()) + "certificate not valid yet (NotBefore: ");
    }
  }

  @Test
  void aCertificateForAnotherAddressFails() throws Exception {
    try (var peer = server(other)) {
      assertThat(outcome(check(trusting(other)), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class)
          .extracting(Outcome::detail)
          .asString()
          .startsWith(at(peer.endpoint()) + "certificate for another name (")
          .contains("(expected: a certificate for 127.0.0.1 by ");
    }
  }

  @Test
  void withoutVerificationAnyCertificateWillDo() throws Exception {
    for (var pair : List.of(good, expired, notYet, other)) {
      try (var peer = server(pair)) {
        assertPasses(
            check(Tls.withoutVerification()), peer.endpoint(), at(peer.endpoint()) + "status 200");
      }
    }
  }

  @Test
  void theStatusCountsOverTlsToo() throws Exception {
    try (var peer =
        ScriptedPeer.overTls(
            good.server(),
            c -> {
              c.readRequest();
              c.send("HTTP/1.1 503 Busy\r\n\r\n");
            })) {
      assertFails(
          check(trusting(good)),
          peer.endpoint(),
          at(peer.endpoint()) + "status 503 (expected 200-299)");
    }
  }

  @Test
  void aServerThatDoesNotSpeakTlsFails() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("HTTP/1.1 400 Bad Request\r\n\r\n");
          c.awaitOrderlyClose();
        })) {
      assertFails(
          check(Tls.withoutVerification()),
          peer.endpoint(),
          at(peer.endpoint()) + "not TLS (expected: a TLS handshake)");
    }
  }

  @Test
  void aServerThatClosesOrHangsInTheHandshakeFails() throws Exception {
    try (var peer = ScriptedPeer.playing(c -> c.readLine())) {
      assertThat(outcome(check(Tls.withoutVerification()), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class)
          .extracting(Outcome::detail)
          .asString()
          .matches(".*: (closed|connection reset) in the TLS handshake .*");
    }
    try (var peer = ScriptedPeer.playing(c -> c.awaitOrderlyClose())) {
      assertFails(
          check(Tls.withoutVerification()).connectTimeout(SHORT),
          peer.endpoint(),
          at(peer.endpoint()) + "no TLS handshake (expected: one within 500 ms)");
    }
  }

  @Test
  void aServerThatWantsACertificateOfOursGetsIt() throws Exception {
    var client = new CompletableFuture<String>();
    try (var peer =
        ScriptedPeer.overTls(
            good.server(other),
            c -> {
              c.requireClientCertificate();
              c.readRequest();
              client.complete(c.tls().getPeerPrincipal().getName());
              c.send("HTTP/1.1 200 OK\r\n\r\n");
            })) {
      var tls = trusting(good).clientCertificate(other.certificate(), other.key());
      assertPasses(check(tls), peer.endpoint(), at(peer.endpoint()) + "status 200");
      assertThat(client.get(10, TimeUnit.SECONDS)).isEqualTo("CN=other");
    }
  }

  @Test
  void aFileThatCantBeReadSaysNothingOfTheServer() throws Exception {
    var missing = directory.resolve("missing.pem");
    try (var peer = server(good)) {
      assertThat(outcome(check(Tls.verified().certificateAuthority(missing)), peer.endpoint()))
          .isEqualTo(
              new Outcome.Inconclusive(
                  at(peer.endpoint()) + "TLS can't be set up: " + missing + ": no such file"));
    }
  }

  @Test
  void aChangedFileIsReadAgain() throws Exception {
    var authority = Files.copy(other.certificate(), directory.resolve(loop.now() + ".pem"));
    var check = check(Tls.verified().certificateAuthority(authority));
    try (var peer = server(good)) {
      assertThat(outcome(check, peer.endpoint())).isInstanceOf(Outcome.Failure.class);
      Files.write(authority, Files.readAllBytes(good.certificate()));
      Files.setLastModifiedTime(authority, FileTime.fromMillis(1_000));
      assertThat(outcome(check, peer.endpoint())).isInstanceOf(Outcome.Success.class);
    }
  }
}
