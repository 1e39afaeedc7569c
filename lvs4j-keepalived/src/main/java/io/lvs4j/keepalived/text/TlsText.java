package io.lvs4j.keepalived.text;

import io.lvs4j.api.HttpGet;
import io.lvs4j.api.Tls;
import io.lvs4j.api.VirtualServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes what checks by TLS show of themselves, which keepalived can say once for all of them. */
final class TlsText {
  private TlsText() {}

  /**
   * What SSL can say.
   *
   * @param authority whom the check trusts
   * @param certificate what it shows
   * @param key the key of that
   * @param password the password of the key
   */
  private record Shown(
      Optional<Path> authority,
      Optional<Path> certificate,
      Optional<Path> key,
      Optional<String> password) {
    private static final Shown NOTHING =
        new Shown(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static Shown of(Tls tls) {
      return new Shown(
          tls.certificateAuthority(),
          tls.clientCertificate(),
          tls.clientKey(),
          tls.clientKeyPassword());
    }
  }

  static void write(TextLines lines, List<VirtualServer> servers) {
    var all =
        servers.stream()
            .flatMap(server ->
                server.realServers().stream().flatMap(real -> server.healthChecksOf(real).stream()))
            .flatMap(check ->
                check.probe() instanceof HttpGet get
                    ? get.tls().stream()
                    : Optional.<Tls>empty().stream())
            .map(Shown::of)
            .distinct()
            .toList();
    if (all.isEmpty() || all.equals(List.of(Shown.NOTHING))) {
      return;
    }
    if (all.size() > 1) {
      lines.loss("SSL_GET", "several certificates", "one for all checks; the first is written");
    }
    var shown = all.getFirst();
    lines.open("SSL");
    shown.authority.ifPresent(path -> lines.line("ca", path.toString()));
    shown.certificate.ifPresent(path -> lines.line("certificate", path.toString()));
    shown.key.ifPresent(path -> lines.line("key", path.toString()));
    shown.password.ifPresent(password -> lines.line("password", password));
    lines.close().gap();
  }
}
