package io.lvs4j.health.probe;

import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.GrpcHealth;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.Tls;
import io.lvs4j.health.Certificates;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The gRPC health check before a real server of gRPC, and before what is none. */
@ParameterizedClass
@MethodSource("transports")
class GrpcTest extends AttemptTester {
  @TempDir private static Path directory;

  private static Certificates.Pair good;
  private static Certificates.Pair other;

  private final HealthStatusManager health = new HealthStatusManager();
  private Server server;

  @BeforeAll
  static void makeCertificates() throws Exception {
    var certificates = new Certificates(directory);
    good = certificates.make("good", "-ext", "SAN=dns:www.example.org,ip:127.0.0.1");
    other = certificates.make("other", "-ext", "SAN=dns:mail.example.org");
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.shutdownNow().awaitTermination();
    }
  }

  private Endpoint serve(UnaryOperator<NettyServerBuilder> settings) throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    server =
        settings
            .apply(NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0)))
            .build()
            .start();
    return new Endpoint(loopback, server.getPort());
  }

  private Endpoint serveHealth() throws Exception {
    return serve(builder -> builder.addService(health.getHealthService()));
  }

  @Test
  void aServerThatServesPasses() throws Exception {
    var at = serveHealth();
    assertPasses(HealthCheck.grpc(""), at, "gRPC health at " + at + ": SERVING");
    health.setStatus("orders", SERVING);
    assertPasses(HealthCheck.grpc("orders"), at, "gRPC health of orders at " + at + ": SERVING");
  }

  @Test
  void aServiceThatDoesNotServeFails() throws Exception {
    var at = serveHealth();
    health.setStatus("orders", NOT_SERVING);
    assertFails(
        HealthCheck.grpc("orders"),
        at,
        "gRPC health of orders at " + at + ": NOT_SERVING (expected: SERVING)");
    health.setStatus("orders", UNKNOWN);
    assertFails(
        HealthCheck.grpc("orders"),
        at,
        "gRPC health of orders at " + at + ": UNKNOWN (expected: SERVING)");
  }

  @Test
  void aServiceThatIsNotKnownFails() throws Exception {
    var at = serveHealth();
    assertFails(
        HealthCheck.grpc("nothing"),
        at,
        "gRPC health of nothing at "
            + at
            + ": NOT_FOUND \"unknown service nothing\" (expected: SERVING)");
  }

  @Test
  void aServerWithoutTheServiceFails() throws Exception {
    var at = serve(builder -> builder);
    assertThat(outcome(HealthCheck.grpc(""), at).detail())
        .startsWith("gRPC health at " + at + ": UNIMPLEMENTED ")
        .endsWith(" (expected: SERVING)");
  }

  private Endpoint answering(Answer answer) throws Exception {
    return serve(builder ->
        builder.addService(
            new HealthGrpc.HealthImplBase() {
              @Override
              public void check(
                  HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
                answer.give(observer);
              }
            }));
  }

  private interface Answer {
    void give(StreamObserver<HealthCheckResponse> observer);
  }

  @Test
  void aServerThatHangsFails() throws Exception {
    var at = answering(observer -> {});
    var hasty = HealthCheck.grpc("").connectTimeout(SHORT);
    // The server is told of the deadline too, and may be the first to speak of it.
    assertThat(outcome(hasty, at).detail())
        .matches(
            "gRPC health at "
                + at
                + ": (no answer|DEADLINE_EXCEEDED.*|stream reset, CANCEL) \\(expected:"
                + " SERVING.*\\)");
  }

  @Test
  void aCallThatFailsIsToldWithItsReason() throws Exception {
    var at =
        answering(observer ->
            observer.onError(
                Status.UNAVAILABLE.withDescription("warming up\n").asRuntimeException()));
    assertThat(outcome(HealthCheck.grpc(""), at))
        .isInstanceOf(Outcome.Failure.class)
        .extracting(Outcome::detail)
        .asString()
        .startsWith("gRPC health at " + at + ": UNAVAILABLE \"warming up");
  }

  private static HealthCheck overTls(Tls tls) {
    return HealthCheck.of(GrpcHealth.of("").tls(tls));
  }

  private Endpoint serveTls(Certificates.Pair pair) throws Exception {
    var context =
        GrpcSslContexts.forServer(pair.certificate().toFile(), pair.key().toFile()).build();
    return serve(builder -> builder.sslContext(context).addService(health.getHealthService()));
  }

  @Test
  void overTlsTheCertificateHasToBeRight() throws Exception {
    var at = serveTls(good);
    var trusted = Tls.verified().certificateAuthority(good.certificate());
    assertPasses(overTls(trusted), at, "gRPC health at " + at + ": SERVING");
    assertPasses(
        overTls(trusted.serverName("www.example.org")), at, "gRPC health at " + at + ": SERVING");
    assertThat(outcome(overTls(trusted.serverName("mail.example.org")), at))
        .isInstanceOf(Outcome.Failure.class);
    assertThat(outcome(overTls(Tls.verified()), at)).isInstanceOf(Outcome.Failure.class);
    assertPasses(overTls(Tls.withoutVerification()), at, "gRPC health at " + at + ": SERVING");
    var stranger = Tls.verified().certificateAuthority(other.certificate());
    assertThat(outcome(overTls(stranger), at).detail()).contains("expected: a certificate for");
  }

  @Test
  void aServerThatSpeaksTlsWhereNoneIsExpectedFailsAndTheOtherWayRound() throws Exception {
    var at = serveTls(good);
    assertThat(outcome(HealthCheck.grpc(""), at)).isInstanceOf(Outcome.Failure.class);
    stop();
    var plain = serveHealth();
    assertThat(outcome(overTls(Tls.withoutVerification()), plain))
        .isInstanceOf(Outcome.Failure.class);
  }

  @Test
  void aServerOfHttp1OverTlsFails() throws Exception {
    try (var peer = ScriptedPeer.overTls(good.server(), c -> c.readRequest())) {
      var check = overTls(Tls.withoutVerification());
      assertFails(
          check,
          peer.endpoint(),
          "gRPC health at "
              + peer.endpoint()
              + ": application protocol none (expected: h2 by ALPN)");
    }
  }

  @Test
  void whatDoesNotSpeakHttp2Fails() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("HTTP/1.1 400 Bad Request\r\n\r\n");
          c.awaitOrderlyClose();
        })) {
      assertThat(outcome(HealthCheck.grpc(""), peer.endpoint()).detail())
          .startsWith("gRPC health at " + peer.endpoint() + ": not HTTP/2: \"");
    }
    try (var peer = ScriptedPeer.playing(ScriptedPeer.Connection::reset)) {
      assertThat(outcome(HealthCheck.grpc(""), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class);
    }
    try (var peer = ScriptedPeer.playing(ScriptedPeer.Connection::awaitOrderlyClose)) {
      assertFails(
          HealthCheck.grpc("").connectTimeout(SHORT),
          peer.endpoint(),
          "gRPC health at " + peer.endpoint() + ": no answer (expected: SERVING within 500 ms)");
    }
    try (var peer = ScriptedPeer.playing(c -> c.sendForever("x".repeat(10_000)))) {
      assertThat(outcome(HealthCheck.grpc(""), peer.endpoint()))
          .isInstanceOf(Outcome.Failure.class);
    }
  }
}
