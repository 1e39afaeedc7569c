package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.CheckedServer.DOWN;
import static io.lvs4j.lab.ipvs.CheckedServer.UP;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.ipvs.CheckedBackend.Mood;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * keepalived and lvs4j read the same configuration and look at the same backends, with checkers of
 * seven kinds and each with a table of its own: they decide the same, within one interval.
 */
@Order(0)
class CheckersInKernel {
  private static final String PAGE = "all is well";
  private static final String OTHER_PAGE = "back soon";
  private static final String PATIENT = "connect_timeout 5\n";
  private static final String IMPATIENT = "connect_timeout 1\n";

  private final LvsSite site = LvsSite.of(2, 1);
  private final List<CheckedServer> all = new ArrayList<>();

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    assumeTrue(Program.find("openssl").isPresent(), "openssl is not installed");
    Host real = site.real(1);
    check("TCP_CHECK", StreamBackend.silent(real, next()), PATIENT, UP);
    var digest =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("MD5").digest(PAGE.getBytes(StandardCharsets.US_ASCII)));
    var digested = PATIENT + url("/", "digest " + digest);
    check("HTTP_GET digest", web(Optional.empty()), digested);
    check("SSL_GET digest", web(Optional.of(tls())), digested);
    check("HTTP_GET regex", web(Optional.empty()), PATIENT + url("/", "regex \"all [a-z]+ w\""));
    check(
        "HTTP_GET regex_no_match",
        web(Optional.empty()),
        PATIENT + url("/", "regex \"back s\"\n regex_no_match"));
    all.add(
        new CheckedServer(
            "HTTP_GET two URLs",
            next(),
            StreamBackend.web(real, next(), "/second"),
            2,
            PATIENT + url("/first", "status_code 200") + url("/second", "status_code 200"),
            DOWN));
    var ready = IMPATIENT + url("/", "status_code 200");
    check("HTTP_GET stalling", StreamBackend.stalling(real, next()), ready);
    check(
        "HTTP_GET late",
        StreamBackend.late(real, next(), Duration.ofMillis(200), Duration.ofSeconds(3)),
        ready);
    check("SMTP_CHECK", StreamBackend.mail(real, next()), PATIENT);
    check("DNS_CHECK", DatagramBackend.names(real, next()), PATIENT + "type A\n name example.org");
    check(
        "UDP_CHECK",
        new DatagramBackend(
            real,
            next(),
            (_, well) -> (well ? "pong" : "what?").getBytes(StandardCharsets.US_ASCII)),
        PATIENT + "payload 70696e67\n require_reply 706f6e67");
    var script = new ScriptBackend(site.workspace().directory("script"));
    check(
        "MISC_CHECK",
        script,
        "misc_path " + script.program() + "\n misc_timeout 5\n misc_dynamic",
        Integer.toString(ScriptBackend.WRONG - 2));
  }

  /** Returns the port of the backend that comes next. */
  private int next() {
    return 9001 + all.size();
  }

  private StreamBackend web(Optional<SSLContext> tls) {
    return StreamBackend.web(site.real(1), next(), tls, PAGE, OTHER_PAGE);
  }

  private static String url(String path, String wanted) {
    return "url {\n path " + path + "\n " + wanted + "\n }\n";
  }

  private void check(String checker, CheckedBackend backend, String settings) {
    check(checker, backend, settings, DOWN);
  }

  private void check(String checker, CheckedBackend backend, String settings, String wrong) {
    all.add(new CheckedServer(checker, next(), backend, 1, settings, wrong));
  }

  @AfterEach
  void close() {
    all.reversed().forEach(each -> each.backend().close());
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

  @Test
  void theSameIsDecidedOfEveryBackendThroughOutageReturnAndAWrongAnswer() {
    var text = new StringBuilder("global_defs {\n script_user root\n}\n");
    all.forEach(each -> text.append(each.text(site.real(1).ipv4().getHostAddress())));
    try (var both = SideBySide.start(site, text.toString());
        var standstill = Standstill.watch();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var stories =
          all.stream()
              .map(each ->
                  CompletableFuture.runAsync(
                      () ->
                          new Decisions(each, both, standstill)
                              .through(Mood.GONE, Mood.WELL, Mood.WRONG, Mood.WELL),
                      threads))
              .toList();
      SoftAssertions.assertSoftly(softly ->
          stories.forEach(story -> softly.assertThatCode(story::join).doesNotThrowAnyException()));
    }
  }
}
