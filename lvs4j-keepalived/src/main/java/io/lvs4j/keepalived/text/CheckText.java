package io.lvs4j.keepalived.text;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.TcpConnect;
import java.util.List;

/** Writes checkers. */
final class CheckText {
  private CheckText() {}

  static void write(TextLines lines, HealthCheck check) {
    switch (check.probe()) {
      case TcpConnect _ -> settings(lines.open("TCP_CHECK"), check).close();
      case HttpGet get -> {
        settings(lines.open("HTTP_GET"), check).open("url").line("path", get.path());
        get.virtualHost().ifPresent(host -> lines.line("virtualhost", host));
        lines.line("status_code " + ranges(get.statuses())).close().close();
      }
    }
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
