package io.lvs4j.health;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.GrpcHealth;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthReport;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.Tls;
import io.lvs4j.api.UdpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A real server that is well for every kind of checker, and the checks that find it so. */
public final class EveryChecker implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String GRPC = "gRPC health";
  private static final String GRPC_OVER_TLS = "gRPC health over TLS";

  /** The certificate that servers which speak TLS have signed themselves. */
  private static final String AUTHORITY = "authority.pem";

  private final List<AutoCloseable> servers = new ArrayList<>();
  private final Map<String, HealthCheck> checks = new LinkedHashMap<>();
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();

  /**
   * Starts the servers.
   *
   * @param directory for a program and a file
   * @param withPing whether ICMP can be had here
   */
  public EveryChecker(Path directory, boolean withPing) throws Exception {
    var pair = new Certificates(directory).make("well", "-ext", "SAN=ip:127.0.0.1");
    Files.move(pair.certificate(), directory.resolve(AUTHORITY));
    checks.putAll(checks(directory, withPing));
    Files.writeString(directory.resolve("value"), "-3");
    var web = serve(HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 50));
    var secured = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 50);
    secured.setHttpsConfigurator(new HttpsConfigurator(pair.server()));
    checks.keySet().forEach(kind -> endpoints.put(kind, web));
    endpoints.put("SSL_GET", serve(secured));
    endpoints.put(
        "SMTP_CHECK",
        serve(
            ScriptedPeer.playing(c -> {
              c.send("220 mail\r\n");
              c.readLine();
              c.send("250 mail\r\n");
              c.readLine();
              c.send("221 bye\r\n");
            })));
    endpoints.put("agent-check", serve(ScriptedPeer.playing(c -> c.send("up ready 50%\n"))));
    endpoints.put("UDP_CHECK", serve(ScriptedDatagramPeer.answering(List::of)));
    endpoints.put("DNS_CHECK", serve(ScriptedDatagramPeer.answering(EveryChecker::answered)));
    endpoints.put(GRPC, serve(NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, 0))));
    endpoints.put(
        GRPC_OVER_TLS,
        serve(
            NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, 0))
                .sslContext(
                    GrpcSslContexts.forServer(pair.certificate().toFile(), pair.key().toFile())
                        .build())));
  }

  private Endpoint serve(HttpServer http) {
    http.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    http.start();
    servers.add(() -> http.stop(0));
    return new Endpoint(LOOPBACK, http.getAddress().getPort());
  }

  private Endpoint serve(NettyServerBuilder builder) throws IOException {
    var grpc = builder.addService(new HealthStatusManager().getHealthService()).build().start();
    servers.add(() -> grpc.shutdownNow().awaitTermination());
    return new Endpoint(LOOPBACK, grpc.getPort());
  }

  /** Returns a check of each kind; that of an agent has yet to be told its port. */
  static Map<String, HealthCheck> checks(Path directory, boolean withPing) {
    var tls = Tls.verified().certificateAuthority(directory.resolve(AUTHORITY));
    var all =
        new ArrayList<>(
            List.of(
                HealthCheck.tcp(),
                HealthCheck.http("/"),
                HealthCheck.of(HttpGet.of("/").tls(tls)),
                HealthCheck.of(SmtpHello.of()),
                HealthCheck.agent(1),
                HealthCheck.of(UdpExchange.ofRandomBytes().requireReply()),
                HealthCheck.of(DnsQuery.ofRoot()),
                HealthCheck.of(GrpcHealth.of("")),
                HealthCheck.of(ProcessRun.of("/bin/true").timeout(Duration.ofSeconds(10))),
                HealthCheck.of(FileValue.addedToWeight(directory.resolve("value"))),
                HealthCheck.of(
                    "lambda",
                    (_, _) -> CompletableFuture.completedStage(HealthReport.up("ready")))));
    if (withPing) {
      all.add(HealthCheck.of(new IcmpEcho()));
    }
    var byKind = new LinkedHashMap<String, HealthCheck>();
    all.forEach(check -> byKind.put(check.probe().name(), check));
    byKind.put(GRPC_OVER_TLS, HealthCheck.of(GrpcHealth.of("").tls(tls)));
    return byKind;
  }

  private Endpoint serve(ScriptedPeer peer) {
    servers.add(peer);
    return peer.endpoint();
  }

  private Endpoint serve(ScriptedDatagramPeer peer) {
    servers.add(peer);
    return peer.endpoint();
  }

  /** Returns the query with the bit that makes it a response (RFC 1035, 4.1.1). */
  private static List<byte[]> answered(byte[] query) {
    var answer = query.clone();
    answer[2] |= (byte) 0x80;
    return List.of(answer);
  }

  /** Returns the checks by the name of their kind. */
  public Map<String, HealthCheck> checks() {
    return checks;
  }

  /** Returns the real server of a kind of check. */
  public Endpoint endpoint(String kind) {
    return Objects.requireNonNull(endpoints.get(kind), kind);
  }

  @Override
  public void close() throws Exception {
    for (var server : servers) {
      server.close();
    }
  }
}
