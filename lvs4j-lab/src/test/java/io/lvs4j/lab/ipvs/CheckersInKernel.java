package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.Probe;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.TcpConnect;
import io.lvs4j.api.Tls;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.lab.ipvs.CheckedBackend.Mood;
import io.lvs4j.lab.ipvs.PoolWatch.Change;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.Program;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * keepalived and lvs4j look at the same backends, each with checkers of every kind, and each with a
 * table of its own: they decide the same, at the same time as far as checks of two seconds can.
 */
@Order(0)
class CheckersInKernel {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Longer than anything takes: whoever is gone says so, or the kernel does in its place. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** What one processor for both directors and all backends may add. */
  private static final Duration SLOWNESS = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PAGE = "all is well";
  private static final String OTHER_PAGE = "back soon";
  private static final String UP = "1";
  private static final String DOWN = "-";

  private final LvsSite site = LvsSite.of(2, 1);
  private final List<Pair> pairs = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  /**
   * A backend, and the same checker in the words of either.
   *
   * @param name keepalived's name of it
   * @param wrong the weight while the backend answers wrongly
   */
  private record Pair(
      String name, int port, CheckedBackend backend, String keepalived, Probe lvs4j, String wrong) {
    /** Returns the virtual server of this pair as the kernel's table calls it. */
    String service() {
      return "TCP 0A4D0064:%04X".formatted(port);
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    assumeTrue(Program.find("openssl").isPresent(), "openssl is not installed");
    Host real = site.real(1);
    var digest =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("MD5").digest(PAGE.getBytes(StandardCharsets.US_ASCII)));
    var url = "url {\n path /\n digest " + digest + "\n }";
    var page = HttpGet.of("/").expectDigest(digest).fastRecovery(false);
    var script = new ScriptBackend(site.workspace().directory("script"));
    pair("TCP_CHECK", 9001, StreamBackend.silent(real, 9001), "", new TcpConnect(), UP);
    pair(
        "HTTP_GET",
        9002,
        StreamBackend.web(real, 9002, Optional.empty(), PAGE, OTHER_PAGE),
        url,
        page,
        DOWN);
    pair(
        "SSL_GET",
        9003,
        StreamBackend.web(real, 9003, Optional.of(tls()), PAGE, OTHER_PAGE),
        url,
        page.tls(Tls.withoutVerification()),
        DOWN);
    pair("SMTP_CHECK", 9004, StreamBackend.mail(real, 9004), "", SmtpHello.of(), DOWN);
    pair(
        "DNS_CHECK",
        9005,
        DatagramBackend.names(real, 9005),
        "type A\n name example.org",
        new DnsQuery(DnsQuery.Type.A, "example.org"),
        DOWN);
    pair(
        "UDP_CHECK",
        9006,
        new DatagramBackend(
            real, 9006, (_, well) -> (well ? "pong" : "what?").getBytes(StandardCharsets.US_ASCII)),
        "payload 70696e67\n require_reply 706f6e67",
        UdpExchange.ofHex("70696e67").requireReply("706f6e67"),
        DOWN);
    pair(
        "MISC_CHECK",
        9007,
        script,
        "misc_path " + script.program() + "\n misc_timeout 5\n misc_dynamic",
        ProcessRun.of(script.program().toString()).timeout(TIMEOUT).dynamic(),
        Integer.toString(ScriptBackend.WRONG - 2));
  }

  private void pair(
      String name, int port, CheckedBackend backend, String keepalived, Probe lvs4j, String wrong) {
    open.add(backend);
    pairs.add(new Pair(name, port, backend, keepalived, lvs4j, wrong));
  }

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
    site.close();
  }

  private SSLContext tls() throws Exception {
    Path directory = site.workspace().directory("certificate");
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    Path store = directory.resolve("store.p12");
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=lab"
            + " -keyout "
            + key
            + " -out "
            + certificate);
    openssl(
        "pkcs12 -export -passout pass:secret -inkey "
            + key
            + " -in "
            + certificate
            + " -out "
            + store);
    var password = "secret".toCharArray();
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private void openssl(String arguments) {
    site.real(1)
        .run(Program.find("openssl").orElseThrow().command(arguments.split(" ", -1)), List.of());
  }

  private String keepalived() {
    var text = new StringBuilder("global_defs {\n script_user root\n}\n");
    for (var pair : pairs) {
      text.append(
          """
          virtual_server 10.77.0.100 %1$d {
            delay_loop 2
            warmup 0
            lvs_sched rr
            lvs_method NAT
            protocol TCP
            real_server %2$s %1$d {
              weight 1
              %3$s {
                %4$s
                %5$s
                retry 1
                delay_before_retry 1
              }
            }
          }
          """
              .formatted(
                  pair.port(),
                  site.real(1).ipv4().getHostAddress(),
                  pair.name(),
                  pair.keepalived(),
                  pair.name().equals("MISC_CHECK") ? "" : "connect_timeout 5"));
    }
    return text.toString();
  }

  private VirtualServer lvs4j(Pair pair) {
    return VirtualServer.tcp("10.77.0.100", pair.port())
        .realServer(site.real(1).ipv4().getHostAddress(), pair.port())
        .healthCheck(
            HealthCheck.of(pair.lvs4j())
                .every(INTERVAL)
                .warmUp(Duration.ZERO)
                .connectTimeout(TIMEOUT)
                .retries(1)
                .delayBeforeRetry(Duration.ofSeconds(1)))
        .build();
  }

  private List<PoolWatch> start() {
    site.director(1)
        .start(
            site.workspace(),
            Keepalived.find().orElseThrow().command(site.workspace(), keepalived()));
    Director director =
        KernelDirector.start(
            site.director(2), pairs.stream().map(this::lvs4j).toArray(VirtualServer[]::new));
    open.add(director);
    var watches = List.of(PoolWatch.on(site.director(1)), PoolWatch.on(site.director(2)));
    open.addAll(watches);
    return watches;
  }

  @Test
  void theSameIsDecidedOfEveryBackendThroughOutageReturnAndAWrongAnswer() {
    var watches = start();
    settle(watches, "at the start", Mood.WELL);
    watches.forEach(PoolWatch::take);
    decide(watches, "gone", Mood.GONE);
    decide(watches, "back", Mood.WELL);
    decide(watches, "wrong", Mood.WRONG);
    decide(watches, "well again", Mood.WELL);
  }

  private static String weight(Pair pair, Mood mood) {
    return switch (mood) {
      case WELL -> UP;
      case WRONG -> pair.wrong();
      case GONE -> DOWN;
    };
  }

  private void settle(List<PoolWatch> watches, String phase, Mood mood) {
    var expected =
        pairs.stream().collect(Collectors.toMap(Pair::service, pair -> weight(pair, mood)));
    await(phase)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(watches.get(0).now()).as("keepalived").isEqualTo(expected);
          assertThat(watches.get(1).now()).as("lvs4j").isEqualTo(expected);
        });
  }

  private void decide(List<PoolWatch> watches, String phase, Mood mood) {
    pairs.forEach(pair -> pair.backend().be(mood));
    settle(watches, phase, mood);
    var keepalived = byService(watches.get(0).take());
    var lvs4j = byService(watches.get(1).take());
    for (var pair : pairs) {
      var theirs = keepalived.getOrDefault(pair.service(), List.of());
      var ours = lvs4j.getOrDefault(pair.service(), List.of());
      System.out.println("checkers: " + phase + " " + pair.name() + " " + theirs + " " + ours);
      assertThat(ours).as("%s of %s", phase, pair.name()).hasSameSizeAs(theirs);
      for (int i = 0; i < ours.size(); i++) {
        assertThat(ours.get(i).weight()).isEqualTo(theirs.get(i).weight());
        assertThat(Duration.between(theirs.get(i).at(), ours.get(i).at()).abs())
            .as("%s of %s: keepalived %s, lvs4j %s", phase, pair.name(), theirs, ours)
            .isLessThan(INTERVAL.plus(SLOWNESS));
      }
    }
  }

  private static Map<String, List<Change>> byService(List<Change> changes) {
    return changes.stream()
        .collect(Collectors.groupingBy(Change::service, TreeMap::new, Collectors.toList()));
  }
}
