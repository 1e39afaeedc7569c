package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.api.Tls;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code HTTP_GET} and {@code SSL_GET}. */
final class HttpCheckReader {
  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final Values values;
  private final Check own;
  private final List<HttpUrl> urls = new ArrayList<>();
  private HttpProtocol protocol = HttpProtocol.HTTP_1_0;
  private boolean fastRecovery;
  private boolean nameSent;
  private Optional<String> serverName = Optional.empty();

  HttpCheckReader(MappingContext context, Check own) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.values = context.values();
    this.own = own;
  }

  /** Returns the handlers of HTTP_GET, which are those of SSL_GET too. */
  Handlers http() {
    var handlers = new Handlers(KeywordTable.HTTP_GET);
    own.handle(handlers, values);
    own.handleRoute(handlers, values);
    own.handleFailures(handlers, values);
    own.handleVirtualHost(handlers, values);
    return handlers
        .on("url", s -> new UrlReader(context).read(s).ifPresent(urls::add))
        .on("http_protocol", this::protocol)
        .on("fast_recovery", s -> values.flag(s).ifPresent(flag -> fastRecovery = flag))
        .on("enable_sni", s -> values.flag(s).ifPresent(flag -> nameSent = flag))
        .on(
            "sni_name",
            s -> values.word(s, "a host name").ifPresent(w -> serverName = Optional.of(w.text())));
  }

  /** Returns the handlers of a url of it. */
  Handlers url(UrlReader reader) {
    return reader.handlers();
  }

  private void protocol(Statement statement) {
    values
        .word(statement, "1.0, 1.0c, 1.0k or 1.1")
        .ifPresent(word -> {
          switch (word.text().toUpperCase(Locale.ROOT)) {
            case "1.0" -> protocol = HttpProtocol.HTTP_1_0;
            case "1.0C" -> protocol = HttpProtocol.HTTP_1_0_CLOSE;
            case "1.0K" -> protocol = HttpProtocol.HTTP_1_0_KEEP_ALIVE;
            case "1.1" -> protocol = HttpProtocol.HTTP_1_1;
            default -> values.wrong(word, "http_protocol", "1.0, 1.0c, 1.0k or 1.1");
          }
        });
  }

  /** Returns the check of the block, unless it is left out. */
  Optional<HealthCheck> read(Statement statement, Check outer) {
    boolean tls = statement.name().equals("SSL_GET");
    http().walk(statement.statements(), diagnostics);
    if (urls.isEmpty()) {
      diagnostics.error(
          statement.position(), statement.name() + ": no url (expected: at least one)");
      return Optional.empty();
    }
    var settings = own.within(outer);
    var host = settings.virtualHost();
    var asked =
        urls.stream()
            .map(url ->
                url.virtualHost().isPresent() || host.isEmpty() ? url : url.virtualHost(host.get()))
            .toList();
    // What keepalived does unless it is told otherwise; lvs4j's own defaults are others.
    var probe = HttpGet.of(asked).protocol(protocol).fastRecovery(fastRecovery);
    if (tls) {
      diagnostics.note(
          statement.position(),
          "SSL_GET: the certificate is not verified, as in keepalived; whoever is between can"
              + " answer for the server");
      probe = probe.tls(tls());
    }
    var problems = probe.problems();
    diagnostics.errors(statement.position(), problems);
    return problems.isEmpty()
        ? Optional.of(
            settings.applyTo(
                HealthCheck.of(probe), Check.Defaults.HTTP, context.declared().allFailuresLogged))
        : Optional.empty();
  }

  private Tls tls() {
    var tls = context.declared().tls.sendServerName(nameSent);
    return serverName.isPresent() ? tls.serverName(serverName.get()) : tls;
  }
}
