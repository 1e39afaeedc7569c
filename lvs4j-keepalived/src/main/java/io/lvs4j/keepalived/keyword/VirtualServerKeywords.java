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
              "virtualhost")
          .synonym("lb_algo", "lvs_sched")
          .synonym("lb_kind", "lvs_method")
          .notYet("no scripts are run for servers that are up when the director stops", "omega")
          .ignored("real servers are checked all the time", "ha_suspend")
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
          .block("TCP_CHECK", "HTTP_GET")
          .notYetBlock(
              "the server counts as up as far as this check goes",
              "SSL_GET",
              "SMTP_CHECK",
              "DNS_CHECK",
              "MISC_CHECK",
              "UDP_CHECK",
              "PING_CHECK",
              "FILE_CHECK",
              "BFD_CHECK")
          .ignored(NO_MAIL, "smtp_alert")
          .ignored(NO_SNMP, "snmp_name")
          .build();

  private static BlockKeywords.Builder checker(String name) {
    return BlockKeywords.named(name)
        .mapped(
            "connect_ip",
            "connect_port",
            "connect_timeout",
            "retry",
            "delay_before_retry",
            "delay_loop",
            "warmup",
            "alpha")
        .notYet("the check leaves from where the kernel likes", "bindto", "bind_port", "bind_if")
        .notYet("the packets of checks carry no mark", "fwmark")
        .ignored("each failure is an event", "log_all_failures");
  }

  static final BlockKeywords TCP_CHECK = checker("TCP_CHECK").build();

  static final BlockKeywords HTTP_GET =
      checker("HTTP_GET")
          .block("url")
          .mapped("virtualhost")
          .synonym("nb_get_retry", "retry")
          .ignored("HTTP/1.0 with Connection: close is spoken, which is 1.0C", "http_protocol")
          .ignored("each url is a check of its own, and none waits for another", "fast_recovery")
          .notYet("checks by TLS come with SSL_GET", "enable_sni")
          .since("2.4")
          .notYet("checks by TLS come with SSL_GET", "sni_name", "tls_compliant")
          .build();

  static final BlockKeywords URL =
      BlockKeywords.named("url")
          .mapped("path", "status_code", "virtualhost")
          .notYet("the status is looked at, the body isn't", "digest")
          .notYet(
              "the status is looked at, the body isn't",
              "regex",
              "regex_no_match",
              "regex_options",
              "regex_stack",
              "regex_min_offset",
              "regex_max_offset")
          .build();
}
