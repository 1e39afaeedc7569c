package io.lvs4j.health;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates that the JDK's keytool makes for a test, each its own authority. */
public final class Certificates {
  private static final char[] PASSWORD = "secret".toCharArray();

  private final Path directory;

  public Certificates(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes a key and a certificate that it has signed itself.
   *
   * @param name what the files are called
   * @param options keytool's further options, such as {@code -ext SAN=dns:example.org}
   */
  public Pair make(String name, String... options) throws IOException, InterruptedException {
    var store = directory.resolve(name + ".p12");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString()));
    command.addAll(List.of(options));
    var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(keytool.getInputStream().readAllBytes());
    if (keytool.waitFor() != 0) {
      throw new IOException(said);
    }
    return new Pair(store);
  }

  /** A key and its certificate. */
  public static final class Pair {
    private final Path store;

    private Pair(Path store) {
      this.store = store;
    }

    private KeyStore keyStore() throws Exception {
      var keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD);
      }
      return keys;
    }

    /** Returns what a server with this key needs; it asks for no certificate of clients. */
    public SSLContext server() throws Exception {
      return server(this);
    }

    /** Returns what a server with this key needs that believes clients with the other one. */
    public SSLContext server(Pair trusted) throws Exception {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(), PASSWORD);
      var trust = KeyStore.getInstance(KeyStore.getDefaultType());
      trust.load(null, null);
      trust.setCertificateEntry("trusted", trusted.keyStore().getCertificate("key"));
      var trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trust);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    }

    /** Returns a file with the certificate in PEM. */
    public Path certificate() throws Exception {
      return pem("CERTIFICATE", keyStore().getCertificate("key").getEncoded());
    }

    /** Returns a file with the private key in PEM. */
    public Path key() throws Exception {
      return pem("PRIVATE KEY", keyStore().getKey("key", PASSWORD).getEncoded());
    }

    private Path pem(String what, byte[] bytes) throws IOException {
      var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
      return Files.writeString(
          Path.of(store + "." + what.replace(' ', '-') + ".pem"),
          "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
    }
  }
}
