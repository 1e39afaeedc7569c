package io.lvs4j.keepalived.text;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.TcpConnect;
import java.util.List;

/** Writes checkers. */
final class CheckText {
  private CheckText() {}

  /**
   * Writes a checker.
   *
   * @param subject whose it is, for what can't be written
   */
  static void write(TextLines lines, String subject, HealthCheck check) {
    switch (check.probe()) {
      case TcpConnect _ -> settings(lines.open("TCP_CHECK"), check).close();
      case HttpGet get when get.tls().isEmpty() -> http(lines, subject, get, check);
      default ->
          lines.loss(subject, "checker " + check.probe().name(), "TCP_CHECK or HTTP_GET; left out");
    }
  }

  private static void http(TextLines lines, String subject, HttpGet get, HealthCheck check) {
    settings(lines.open("HTTP_GET"), check)
        .lineIf(get.isFastRecovery(), "fast_recovery")
        .lineIf(
            get.protocol() != HttpProtocol.HTTP_1_0, "http_protocol " + protocol(get.protocol()));
    for (var url : get.urls()) {
      lines.open("url").line("path", url.path());
      url.virtualHost().ifPresent(host -> lines.line("virtualhost", host));
      url.digest().ifPresent(digest -> lines.line("digest " + digest));
      if (url.body().isPresent()) {
        lines.loss(subject, "a pattern of the body of " + url.path(), "none");
      }
      lines.line("status_code " + ranges(url.statuses())).close();
    }
    lines.close();
  }

  private static String protocol(HttpProtocol protocol) {
    return switch (protocol) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_0_CLOSE -> "1.0C";
      case HTTP_1_0_KEEP_ALIVE -> "1.0K";
      case HTTP_1_1 -> "1.1";
    };
  }

  private static TextLines settings(TextLines lines, HealthCheck check) {
    check.port().ifPresent(port -> lines.line("connect_port " + port));
    return lines
        .line("connect_timeout " + TextLines.seconds(check.connectTimeout()))
        .line("retry " + check.retries())
        .line("delay_before_retry " + TextLines.seconds(check.delayBeforeRetry()))
        .line("delay_loop " + TextLines.seconds(check.delayLoop()))
        .line("warmup " + TextLines.seconds(check.warmUp()))
        .lineIf(check.isAlpha(), "alpha");
  }

  /** Returns status codes with those that follow each other as ranges. */
  private static String ranges(List<Integer> statuses) {
    var text = new StringBuilder();
    int index = 0;
    while (index < statuses.size()) {
      int end = index;
      while (end + 1 < statuses.size() && statuses.get(end + 1) == statuses.get(end) + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : " ").append(statuses.get(index));
      if (end > index) {
        text.append('-').append(statuses.get(end));
      }
      index = end + 1;
    }
    return text.toString();
  }
}
