package io.lvs4j.lab.seeds;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How pages are served and fetched, plainly or by TLS.
 *
 * @param tls empty without TLS
 */
record WebPages(Optional<SSLContext> tls) {
  /** How long anything of a seed may take in the guest. */
  static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

  private static final int PATIENCE = Math.toIntExact(Duration.ofSeconds(20).toMillis());
  private static final String PASSWORD = "secret";

  static WebPages plain() {
    return new WebPages(Optional.empty());
  }

  /** Makes a key and a certificate of its own, which its clients trust. */
  static WebPages tls(Workspace workspace) {
    var store = workspace.directory("tls").resolve("store.p12");
    workspace
        .start(
            "keytool",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "web",
                "-keyalg",
                "EC",
                "-dname",
                "CN=web",
                "-validity",
                "7",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD))
        .finish(LONG_ENOUGH);
    try (var file = Files.newInputStream(store)) {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(file, PASSWORD.toCharArray());
      var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, PASSWORD.toCharArray());
      var certificates = KeyStore.getInstance("PKCS12");
      certificates.load(null, null);
      certificates.setCertificateEntry("web", keys.getCertificate("web"));
      var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(certificates);
      var context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
      return new WebPages(Optional.of(context));
    } catch (IOException | GeneralSecurityException failed) {
      throw new IllegalStateException(store.toString(), failed);
    }
  }

  static String digest(String page) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("MD5").digest(page.getBytes(US_ASCII)));
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException("MD5", absent);
    }
  }

  /** Fetches a page; empty when there is none. */
  String get(Host client, InetAddress address, int port) {
    return client.call(() -> {
      try (var socket =
          tls.isPresent() ? tls.get().getSocketFactory().createSocket() : new Socket()) {
        socket.connect(new InetSocketAddress(address, port), PATIENCE);
        socket.setSoTimeout(PATIENCE);
        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
      } catch (IOException nobody) {
        return "";
      }
    });
  }
}
