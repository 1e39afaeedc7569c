package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code SSL}: what SSL_GET shows of itself. */
final class TlsReader {
  private final MappingContext context;
  private final Values values;
  private Optional<Path> authority = Optional.empty();
  private Optional<Path> certificate = Optional.empty();
  private Optional<Path> key = Optional.empty();
  private Optional<String> password = Optional.empty();

  TlsReader(MappingContext context) {
    this.context = context;
    this.values = context.values();
  }

  /** Returns the handlers of SSL. */
  Handlers handlers() {
    return new Handlers(KeywordTable.SSL)
        .on("ca", s -> authority = path(s).or(() -> authority))
        .on("certificate", s -> certificate = path(s).or(() -> certificate))
        .on("key", s -> key = path(s).or(() -> key))
        .on("password", s -> password = values.word(s, "a password").map(Word::text));
  }

  private Optional<Path> path(Statement statement) {
    return values
        .word(statement, "a path")
        .flatMap(word -> {
          try {
            return Optional.of(Path.of(word.text()));
          } catch (InvalidPathException e) {
            values.wrong(word, statement.name(), "a path");
            return Optional.empty();
          }
        });
  }

  /** Takes what a block says for all checks. */
  void read(Statement statement) {
    handlers().walk(statement.statements(), context.diagnostics());
    var tls = context.declared().tls;
    if (authority.isPresent()) {
      tls = tls.certificateAuthority(authority.get());
    }
    if (certificate.isPresent() && key.isPresent()) {
      tls =
          password.isPresent()
              ? tls.clientCertificate(certificate.get(), key.get(), password.get())
              : tls.clientCertificate(certificate.get(), key.get());
    } else if (certificate.isPresent() || key.isPresent()) {
      context
          .diagnostics()
          .error(
              statement.position(),
              "SSL: half of a client certificate, which is left out (expected: certificate and"
                  + " key)");
    }
    context.declared().tls = tls;
  }
}
