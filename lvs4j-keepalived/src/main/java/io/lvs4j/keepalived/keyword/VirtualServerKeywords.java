package io.lvs4j.keepalived.keyword;

/** The keywords of the blocks of virtual and real servers. */
final class VirtualServerKeywords {
  private static final String NO_MAIL = "no mail is sent; a listener can";
  private static final String NO_SNMP = "no SNMP";

  private VirtualServerKeywords() {}

  static final BlockKeywords VIRTUAL_SERVER =
      BlockKeywords.named("virtual_server")
          .block("real_server")
          .mapped(
              "protocol",
              "lvs_sched",
              "lvs_method",
              "flag-1",
              "flag-2",
              "flag-3",
              "sh-port",
              "sh-fallback",
              "mh-port",
              "mh-fallback",
              "ops",
              "persistence_timeout",
              "persistence_granularity",
              "persistence_engine",
              "ip_family",
              "delay_loop",
              "warmup",
              "connect_timeout",
              "retry",
              "delay_before_retry",
              "alpha",
              "inhibit_on_failure",
              "quorum",
              "hysteresis",
              "quorum_up",
              "quorum_down",
              "sorry_server",
              "sorry_server_inhibit",
              "sorry_server_lvs_method",
              "omega",
              "ha_suspend",
              "virtualhost")
          .synonym("lb_algo", "lvs_sched")
          .synonym("lb_kind", "lvs_method")
          .ignored(NO_MAIL, "smtp_alert")
          .ignored(NO_SNMP, "snmp_name")
          .build();

  static final BlockKeywords REAL_SERVER =
      BlockKeywords.named("real_server")
          .mapped(
              "weight",
              "lvs_method",
              "uthreshold",
              "lthreshold",
              "inhibit_on_failure",
              "notify_up",
              "notify_down",
              "virtualhost",
              "delay_loop",
              "warmup",
              "connect_timeout",
              "retry",
              "delay_before_retry",
              "alpha")
          .block(
              "TCP_CHECK",
              "HTTP_GET",
              "SSL_GET",
              "SMTP_CHECK",
              "DNS_CHECK",
              "MISC_CHECK",
              "UDP_CHECK",
              "PING_CHECK")
          .blockAs(
              "FILE_CHECK", "the file is read every delay_loop; keepalived is woken by a change")
          .notYetBlock("the server counts as up as far as this check goes", "BFD_CHECK")
          .ignored(NO_MAIL, "smtp_alert")
          .ignored(NO_SNMP, "snmp_name")
          .build();

  private static BlockKeywords.Builder checker(String name) {
    return BlockKeywords.named(name)
        .mapped(
            "connect_ip",
            "connect_port",
            "bindto",
            "bind_port",
            "bind_if",
            "fwmark",
            "connect_timeout",
            "retry",
            "delay_before_retry",
            "delay_loop",
            "warmup",
            "alpha",
            "log_all_failures");
  }

  static final BlockKeywords TCP_CHECK = checker("TCP_CHECK").build();

  static final BlockKeywords HTTP_GET =
      checker("HTTP_GET")
          .block("url")
          .mapped("virtualhost", "http_protocol", "fast_recovery", "enable_sni")
          .synonym("nb_get_retry", "retry")
          .since("2.4")
          .mapped("sni_name")
          .ignored("TLS connections are always closed as the standard wants it", "tls_compliant")
          .build();

  static final BlockKeywords URL =
      BlockKeywords.named("url")
          .mapped(
              "path",
              "status_code",
              "virtualhost",
              "digest",
              "regex",
              "regex_no_match",
              "regex_options",
              "regex_min_offset",
              "regex_max_offset")
          .ignored("java.util.regex has no stack to set", "regex_stack")
          .build();

  static final BlockKeywords SMTP_CHECK =
      checker("SMTP_CHECK").mapped("helo_name").block("host").build();

  static final BlockKeywords SMTP_HOST =
      BlockKeywords.named("host")
          .mapped(
              "connect_ip",
              "connect_port",
              "bindto",
              "bind_port",
              "bind_if",
              "fwmark",
              "connect_timeout")
          .build();

  static final BlockKeywords DNS_CHECK = checker("DNS_CHECK").mapped("type", "name").build();

  static final BlockKeywords MISC_CHECK =
      BlockKeywords.named("MISC_CHECK")
          .mapped(
              "misc_path",
              "misc_timeout",
              "misc_dynamic",
              "user",
              "retry",
              "delay_before_retry",
              "delay_loop",
              "warmup",
              "alpha",
              "log_all_failures")
          .build();

  static final BlockKeywords UDP_CHECK =
      checker("UDP_CHECK")
          .mapped("payload", "require_reply", "min_reply_length", "max_reply_length")
          .build();

  static final BlockKeywords PING_CHECK = checker("PING_CHECK").build();

  static final BlockKeywords FILE_CHECK =
      BlockKeywords.named("FILE_CHECK").mapped("track_file", "weight").build();
}
