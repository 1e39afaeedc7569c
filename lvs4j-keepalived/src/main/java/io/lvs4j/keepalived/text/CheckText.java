package io.lvs4j.keepalived.text;

import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.TcpConnect;
import io.lvs4j.api.Tls;
import io.lvs4j.api.UdpExchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes checkers. */
final class CheckText {
  private static final Map<Integer, String> OPTIONS = options();

  private final TextLines lines;
  private final String subject;
  private final HealthCheck check;
  private final TrackedFiles files;

  private CheckText(TextLines lines, String subject, HealthCheck check, TrackedFiles files) {
    this.lines = lines;
    this.subject = subject;
    this.check = check;
    this.files = files;
  }

  private static Map<Integer, String> options() {
    var options = new LinkedHashMap<Integer, String>();
    options.put(Pattern.CASE_INSENSITIVE, "caseless");
    options.put(Pattern.DOTALL, "dotall");
    options.put(Pattern.COMMENTS, "extended");
    options.put(Pattern.LITERAL, "literal");
    options.put(Pattern.MULTILINE, "multiline");
    options.put(Pattern.UNICODE_CASE, "utf");
    return options;
  }

  /**
   * Writes a checker.
   *
   * @param subject whose it is, for what can't be written
   * @param files the track_file blocks that were written
   */
  static void write(TextLines lines, String subject, HealthCheck check, TrackedFiles files) {
    new CheckText(lines, subject, check, files).write();
  }

  private void write() {
    switch (check.probe()) {
      case TcpConnect _ -> open("TCP_CHECK").close();
      case IcmpEcho _ -> open("PING_CHECK").close();
      case SmtpHello hello -> open("SMTP_CHECK").line("helo_name", hello.heloName()).close();
      case DnsQuery query ->
          open("DNS_CHECK").line("type " + query.type()).line("name", query.domain()).close();
      case UdpExchange exchange -> udp(exchange);
      case ProcessRun run -> program(run);
      case FileValue value -> file(value);
      case HttpGet get -> http(get);
      default ->
          lines.loss(subject, "checker " + check.probe().name(), "one of keepalived's; left out");
    }
  }

  private TextLines open(String block) {
    pace(lines.open(block).line("connect_timeout " + TextLines.seconds(check.connectTimeout())));
    check.address().ifPresent(address -> lines.line("connect_ip " + Endpoint.literal(address)));
    check.port().ifPresent(port -> lines.line("connect_port " + port));
    check.bindAddress().ifPresent(address -> lines.line("bindto " + Endpoint.literal(address)));
    check.bindPort().ifPresent(port -> lines.line("bind_port " + port));
    check.bindInterface().ifPresent(name -> lines.line("bind_if", name));
    check.firewallMark().ifPresent(mark -> lines.line("fwmark " + mark));
    check
        .proxyProtocol()
        .ifPresent(version -> lines.loss(subject, "a check with " + version, "no PROXY header"));
    return lines;
  }

  private void pace(TextLines block) {
    block
        .line("retry " + check.retries())
        .line("delay_before_retry " + TextLines.seconds(check.delayBeforeRetry()))
        .line("delay_loop " + TextLines.seconds(check.delayLoop()))
        .line("warmup " + TextLines.seconds(check.warmUp()))
        .lineIf(check.isAlpha(), "alpha")
        .lineIf(check.isLoggingAllFailures(), "log_all_failures");
    if (check.rise() > 1) {
      lines.loss(subject, "rise " + check.rise(), "1, which is all that keepalived knows");
    }
  }

  private void udp(UdpExchange exchange) {
    open("UDP_CHECK");
    exchange.payload().ifPresent(hex -> lines.line("payload " + hex));
    if (exchange.isReplyRequired()) {
      lines.line("require_reply" + exchange.reply().map(hex -> " " + hex).orElse(""));
    }
    lines
        .lineIf(exchange.leastReplyLength() > 0, "min_reply_length " + exchange.leastReplyLength())
        .lineIf(
            exchange.mostReplyLength() < 65_535, "max_reply_length " + exchange.mostReplyLength())
        .close();
  }

  private void program(ProcessRun run) {
    pace(lines.open("MISC_CHECK"));
    lines.line("misc_path " + CommandText.of(lines, subject, run.program()));
    run.timeout().ifPresent(time -> lines.line("misc_timeout " + TextLines.seconds(time)));
    lines.lineIf(run.program().user().isPresent(), CommandText.user(run.program()));
    lines.lineIf(run.isDynamic(), "misc_dynamic").close();
  }

  private void file(FileValue value) {
    lines
        .open("FILE_CHECK")
        .line("track_file", files.nameOf(value.file()))
        .line("weight " + value.multiplier())
        .close();
  }

  private void http(HttpGet get) {
    open(get.tls().isPresent() ? "SSL_GET" : "HTTP_GET")
        .lineIf(get.isFastRecovery(), "fast_recovery")
        .lineIf(
            get.protocol() != HttpProtocol.HTTP_1_0, "http_protocol " + protocol(get.protocol()));
    get.tls().ifPresent(this::tls);
    for (var url : get.urls()) {
      lines.open("url").line("path", url.path());
      url.virtualHost().ifPresent(host -> lines.line("virtualhost", host));
      url.digest().ifPresent(digest -> lines.line("digest " + digest));
      url.body().ifPresent(this::body);
      lines.line("status_code " + ranges(url.statuses())).close();
    }
    lines.close();
  }

  private void tls(Tls tls) {
    lines.lineIf(tls.isServerNameSent(), "enable_sni");
    tls.serverName().ifPresent(name -> lines.line("sni_name", name));
    if (tls.isVerified()) {
      lines.loss(subject, "a verified certificate", "none, for SSL_GET takes any");
    }
  }

  private void body(BodyPattern pattern) {
    lines.line("regex", pattern.regex()).lineIf(pattern.inverted(), "regex_no_match");
    var words = new ArrayList<String>();
    int rest = pattern.flags();
    for (var option : OPTIONS.entrySet()) {
      if ((rest & option.getKey()) != 0) {
        words.add(option.getValue());
        rest &= ~option.getKey();
      }
    }
    if (rest != 0) {
      lines.loss(subject, "flags " + rest + " of a pattern", "those that PCRE has too");
    }
    lines
        .lineIf(!words.isEmpty(), "regex_options " + String.join(" ", words))
        .lineIf(pattern.leastOffset() > 0, "regex_min_offset " + pattern.leastOffset());
    pattern.mostOffset().ifPresent(most -> lines.line("regex_max_offset " + most));
  }

  private static String protocol(HttpProtocol protocol) {
    return switch (protocol) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_0_CLOSE -> "1.0C";
      case HTTP_1_0_KEEP_ALIVE -> "1.0K";
      case HTTP_1_1 -> "1.1";
    };
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
