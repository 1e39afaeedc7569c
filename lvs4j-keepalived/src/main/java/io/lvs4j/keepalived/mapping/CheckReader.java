package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the checkers of one real server. */
final class CheckReader {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration RETRY_HTTP_AFTER = Duration.ofSeconds(3);

  private final Diagnostics diagnostics;
  private final Values values;
  private final InetAddress server;
  private boolean elsewhere;

  /**
   * Begins.
   *
   * @param server the address of the real server
   */
  CheckReader(Diagnostics diagnostics, Values values, InetAddress server) {
    this.diagnostics = diagnostics;
    this.values = values;
    this.server = server;
  }

  private Handlers common(Handlers handlers, Check own) {
    own.handle(handlers, values);
    return handlers
        .on("connect_port", s -> values.number(s, 1, 65_535).ifPresent(own::port))
        .on("connect_ip", this::connectIp);
  }

  private void connectIp(Statement statement) {
    values
        .address(statement)
        .filter(address -> !address.equals(server))
        .ifPresent(address -> {
          elsewhere = true;
          diagnostics.error(
              statement.position(),
              "connect_ip: "
                  + Endpoint.literal(address)
                  + " (expected: the real server's own address; others are not supported yet, and"
                  + " the check is left out)");
        });
  }

  /** Returns the handlers of TCP_CHECK. */
  Handlers tcp(Check own) {
    return common(new Handlers(KeywordTable.TCP_CHECK), own);
  }

  /** Returns the check of a TCP_CHECK, unless it is left out. */
  List<HealthCheck> tcp(Statement statement, Check outer) {
    var own = new Check();
    elsewhere = false;
    tcp(own).walk(statement.statements(), diagnostics);
    return elsewhere
        ? List.of()
        : List.of(own.within(outer).applyTo(HealthCheck.tcp(), RETRY_AFTER));
  }

  /** Returns the handlers of HTTP_GET. */
  Handlers http(Check own, List<HttpUrl> urls) {
    var handlers = common(new Handlers(KeywordTable.HTTP_GET), own);
    own.handleVirtualHost(handlers, values);
    return handlers.on("url", s -> url(s).ifPresent(urls::add));
  }

  /** Returns the check of an HTTP_GET, unless it is left out. */
  List<HealthCheck> http(Statement statement, Check outer) {
    var own = new Check();
    var urls = new ArrayList<HttpUrl>();
    elsewhere = false;
    http(own, urls).walk(statement.statements(), diagnostics);
    if (urls.isEmpty()) {
      diagnostics.error(
          statement.position(), statement.name() + ": no url (expected: at least one)");
    }
    if (elsewhere || urls.isEmpty()) {
      return List.of();
    }
    var settings = own.within(outer);
    var host = settings.virtualHost();
    var asked =
        urls.stream()
            .map(url ->
                url.virtualHost().isPresent() || host.isEmpty() ? url : url.virtualHost(host.get()))
            .toList();
    // What keepalived does unless it is told otherwise; lvs4j's own defaults are others.
    var probe = HttpGet.of(asked).protocol(HttpProtocol.HTTP_1_0).fastRecovery(false);
    return List.of(settings.applyTo(HealthCheck.of(probe), RETRY_HTTP_AFTER));
  }

  /** What a url block says. */
  static final class Url {
    private Optional<String> path = Optional.empty();
    private Optional<String> virtualHost = Optional.empty();
    private List<Integer> statuses = List.of();
  }

  /** Returns the handlers of url. */
  Handlers url(Url url) {
    return new Handlers(KeywordTable.URL)
        .on("path", s -> values.word(s, "a path").ifPresent(w -> url.path = Optional.of(w.text())))
        .on(
            "virtualhost",
            s ->
                values
                    .word(s, "a host name")
                    .ifPresent(w -> url.virtualHost = Optional.of(w.text())))
        .on("status_code", s -> url.statuses = statuses(s));
  }

  private Optional<HttpUrl> url(Statement statement) {
    var url = new Url();
    url(url).walk(statement.statements(), diagnostics);
    if (url.path.isEmpty()) {
      diagnostics.error(statement.position(), "url: no path (expected: one)");
      return Optional.empty();
    }
    var probe = HttpUrl.of(url.path.get());
    if (!url.statuses.isEmpty()) {
      probe =
          probe.expectStatus(
              url.statuses.getFirst(),
              url.statuses.stream().skip(1).mapToInt(Integer::intValue).toArray());
    }
    if (url.virtualHost.isPresent()) {
      probe = probe.virtualHost(url.virtualHost.get());
    }
    var problems = probe.problems();
    diagnostics.errors(statement.position(), problems);
    return problems.isEmpty() ? Optional.of(probe) : Optional.empty();
  }

  private List<Integer> statuses(Statement statement) {
    var statuses = new ArrayList<Integer>();
    if (statement.arguments().isEmpty()) {
      values.word(statement, "100-599");
    }
    for (Word word : statement.arguments()) {
      int dash = word.text().indexOf('-');
      var first = dash < 0 ? word : part(word, 0, dash);
      var last = dash < 0 ? word : part(word, dash + 1, word.text().length());
      var least = values.number(first, "status_code", 100, 599);
      var most = dash < 0 ? least : values.number(last, "status_code", 100, 599);
      if (least.isPresent() && most.isPresent()) {
        if (most.get() < least.get()) {
          values.wrong(word, "status_code", "a range from the smaller to the larger");
        }
        for (int status = least.get(); status <= most.get(); status++) {
          if (!statuses.contains(status)) {
            statuses.add(status);
          }
        }
      }
    }
    return statuses;
  }

  private static Word part(Word word, int from, int to) {
    var position = word.position();
    return new Word(
        word.text().substring(from, to), position.at(position.column() + from), word.quoted());
  }
}
