package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.keepalived.KeepalivedReader;
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
 * keepalived and lvs4j read the same configuration and look at the same backends, with checkers of
 * seven kinds and each with a table of its own: they decide the same, at the same time as far as
 * checks every two seconds can.
 */
@Order(0)
class CheckersInKernel {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** What one processor for both directors and all backends may add. */
  private static final Duration SLOWNESS = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PAGE = "all is well";
  private static final String OTHER_PAGE = "back soon";
  private static final String UP = "1";
  private static final String DOWN = "-";

  private final LvsSite site = LvsSite.of(2, 1);
  private final List<Checked> all = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  /**
   * A backend, and how it is checked.
   *
   * @param settings what the checker's block says but for its times
   * @param wrong the weight while the backend answers wrongly
   */
  private record Checked(
      String checker, int port, CheckedBackend backend, String settings, String wrong) {
    /** Returns its virtual server as the kernel's table calls it. */
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
    var script = new ScriptBackend(site.workspace().directory("script"));
    check("TCP_CHECK", 9001, StreamBackend.silent(real, 9001), "", UP);
    check("HTTP_GET", 9002, web(9002, Optional.empty()), url, DOWN);
    check("SSL_GET", 9003, web(9003, Optional.of(tls())), url, DOWN);
    check("SMTP_CHECK", 9004, StreamBackend.mail(real, 9004), "", DOWN);
    check("DNS_CHECK", 9005, DatagramBackend.names(real, 9005), "type A\n name example.org", DOWN);
    check(
        "UDP_CHECK",
        9006,
        new DatagramBackend(
            real, 9006, (_, well) -> (well ? "pong" : "what?").getBytes(StandardCharsets.US_ASCII)),
        "payload 70696e67\n require_reply 706f6e67",
        DOWN);
    check(
        "MISC_CHECK",
        9007,
        script,
        "misc_path " + script.program() + "\n misc_timeout 5\n misc_dynamic",
        Integer.toString(ScriptBackend.WRONG - 2));
  }

  private StreamBackend web(int port, Optional<SSLContext> tls) {
    return StreamBackend.web(site.real(1), port, tls, PAGE, OTHER_PAGE);
  }

  private void check(
      String checker, int port, CheckedBackend backend, String settings, String wrong) {
    open.add(backend);
    all.add(new Checked(checker, port, backend, settings, wrong));
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

  private String configuration() {
    var text = new StringBuilder("global_defs {\n script_user root\n}\n");
    for (var each : all) {
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
                  each.port(),
                  site.real(1).ipv4().getHostAddress(),
                  each.checker(),
                  each.settings(),
                  each.checker().equals("MISC_CHECK") ? "" : "connect_timeout 5"));
    }
    return text.toString();
  }

  private List<PoolWatch> start() {
    var text = configuration();
    site.director(1)
        .start(site.workspace(), Keepalived.find().orElseThrow().command(site.workspace(), text));
    var read =
        KeepalivedReader.builder().build().read("keepalived.conf", text, site.workspace().path());
    System.out.println("checkers: " + read.diagnostics());
    assertThat(read.hasErrors()).as(read.diagnostics().toString()).isFalse();
    var director =
        KernelDirector.start(site.director(2), read.virtualServers().toArray(VirtualServer[]::new));
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

  private static String weight(Checked each, Mood mood) {
    return switch (mood) {
      case WELL -> UP;
      case WRONG -> each.wrong();
      case GONE -> DOWN;
    };
  }

  private void settle(List<PoolWatch> watches, String phase, Mood mood) {
    var expected =
        all.stream().collect(Collectors.toMap(Checked::service, each -> weight(each, mood)));
    await(phase)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(watches.get(0).now()).as("keepalived").isEqualTo(expected);
          assertThat(watches.get(1).now()).as("lvs4j").isEqualTo(expected);
        });
  }

  private void decide(List<PoolWatch> watches, String phase, Mood mood) {
    all.forEach(each -> each.backend().be(mood));
    settle(watches, phase, mood);
    var keepalived = byService(watches.get(0).take());
    var lvs4j = byService(watches.get(1).take());
    for (var each : all) {
      var theirs = keepalived.getOrDefault(each.service(), List.of());
      var ours = lvs4j.getOrDefault(each.service(), List.of());
      System.out.println("checkers: " + phase + " " + each.checker() + " " + theirs + " " + ours);
      assertThat(ours).as("%s of %s", phase, each.checker()).hasSameSizeAs(theirs);
      for (int i = 0; i < ours.size(); i++) {
        assertThat(ours.get(i).weight()).isEqualTo(theirs.get(i).weight());
        assertThat(Duration.between(theirs.get(i).at(), ours.get(i).at()).abs())
            .as("%s of %s: keepalived %s, lvs4j %s", phase, each.checker(), theirs, ours)
            .isLessThan(INTERVAL.plus(SLOWNESS));
      }
    }
  }

  private static Map<String, List<Change>> byService(List<Change> changes) {
    return changes.stream()
        .collect(Collectors.groupingBy(Change::service, TreeMap::new, Collectors.toList()));
  }
}
