package io.lvs4j.keepalived.keyword;

/** The keywords outside of blocks and in {@code global_defs}. */
final class GlobalKeywords {
  private static final String NO_PROCESSES = "the director is part of its application's process";
  private static final String NO_MAIL = "no mail is sent; a listener can";
  private static final String NO_SNMP = "no SNMP; Micrometer and the snapshots have the figures";
  private static final String NO_BUFFERS = "the netlink sockets look after their buffers";

  /** What strict_mode of an instance means too. */
  static final String STRICT =
      "no password, preempt_delay or higher_prio_send_advert, as in keepalived; what else it asks"
          + " for isn't there yet, which is an error";

  private static final String RELOAD = "the application decides when to read the file again";

  private GlobalKeywords() {}

  static final BlockKeywords TOP =
      BlockKeywords.named("(top)")
          .block(
              "global_defs",
              "vrrp_instance",
              "vrrp_sync_group",
              "vrrp_script",
              "track_file",
              "SSL",
              "virtual_server",
              "virtual_server_group")
          .synonym("vrrp_track_file", "track_file")
          .notYetBlock("processes aren't watched; a vrrp_script can", "vrrp_track_process")
          .notYetBlock("no BFD", "bfd_instance")
          .notYetBlock("groups of interfaces that share a pace of announcements", "garp_group")
          .notYetBlock("an interface counts as down when it says so", "interface_up_down_delays")
          .refusedBlock(
              "addresses, routes and rules that don't move are the host's own business",
              "static_ipaddress",
              "static_routes",
              "static_rules",
              "track_group")
          .ignoredBlock("the kernel's netlink news are used", "linkbeat_interfaces")
          .ignored("the kernel's netlink news are used", "linkbeat_use_polling")
          .refused(
              "a process has one network namespace; start it in the right one", "net_namespace")
          .notYet("virtual servers are made in the process's own namespace", "net_namespace_ipvs")
          .ignored("no ipsets are used", "namespace_with_ipsets")
          .ignored(NO_PROCESSES, "instance", "use_pid_dir", "child_wait_time")
          .build();

  static final BlockKeywords GLOBAL_DEFS =
      BlockKeywords.named("global_defs")
          .mapped(
              "router_id",
              "lvs_timeouts",
              "lvs_flush",
              "lvs_flush_on_stop",
              "lvs_sync_daemon",
              "vrrp_version",
              "vrrp_mcast_group4",
              "vrrp_mcast_group6",
              "vrrp_garp_master_delay",
              "vrrp_garp_master_repeat",
              "vrrp_garp_master_refresh",
              "vrrp_garp_master_refresh_repeat",
              "vrrp_garp_lower_prio_delay",
              "vrrp_garp_lower_prio_repeat",
              "vrrp_garp_interval",
              "vrrp_min_garp",
              "vrrp_down_timer_adverts",
              "vrrp_lower_prio_no_advert",
              "vrrp_higher_prio_send_advert",
              "vrrp_check_unicast_src",
              "vrrp_startup_delay",
              "default_interface",
              "rs_init_notifies")
          .synonym("lvs_flush_onstop", "lvs_flush_on_stop")
          .mappedAs("script_user", "an application that isn't root runs programs as its own user")
          .mappedAs("enable_script_security", "on unless \"off\" stands behind it")
          .mappedAs("random_seed", "seeds ${_RANDOM} from its line on")
          .mappedAs("include_check", "from its line on")
          .ignored("an interface may come later", "dynamic_interfaces")
          .ignored(
              "the address list of adverts is counted, not insisted on", "vrrp_skip_check_adv_addr")
          .notYet("the pace of vrrp_garp_interval holds for IPv6 too", "vrrp_gna_interval")
          .notYet("only the instance's own addresses are announced", "vrrp_garp_extra_if")
          .mappedAs("vrrp_strict", STRICT)
          .mapped(
              "notify_fifo",
              "notify_fifo_script",
              "vrrp_notify_fifo",
              "vrrp_notify_fifo_script",
              "lvs_notify_fifo",
              "lvs_notify_fifo_script")
          .ignored("a reload doesn't change states", "fifo_write_vrrp_states_on_reload")
          .mapped("vrrp_notify_priority_changes")
          .refused(
              "the application starts and stops; it can run programs then",
              "startup_script",
              "startup_script_timeout",
              "shutdown_script",
              "shutdown_script_timeout")
          .ignoredBlock(NO_MAIL, "notification_email")
          .ignored(
              NO_MAIL,
              "notification_email_from",
              "smtp_server",
              "smtp_helo_name",
              "smtp_connect_timeout",
              "smtp_alert",
              "smtp_alert_vrrp",
              "smtp_alert_checker",
              "no_email_faults",
              "no_checker_emails")
          .mapped("checker_log_all_failures")
          .ignored("adverts of strange ids are counted", "log_unknown_vrids")
          .ignored(
              NO_PROCESSES,
              "process_names",
              "process_name",
              "vrrp_process_name",
              "checker_process_name",
              "bfd_process_name",
              "umask",
              "tmp_config_directory",
              "config_save_dir",
              "data_use_instance",
              "max_auto_priority",
              "min_auto_priority_delay",
              "checker_priority",
              "bfd_priority",
              "vrrp_no_swap",
              "checker_no_swap",
              "bfd_no_swap",
              "checker_rt_priority",
              "bfd_rt_priority",
              "vrrp_cpu_affinity",
              "checker_cpu_affinity",
              "bfd_cpu_affinity",
              "vrrp_rlimit_rttime",
              "checker_rlimit_rttime",
              "bfd_rlimit_rttime",
              "vrrp_rlimit_rtime",
              "checker_rlimit_rtime",
              "bfd_rlimit_rtime")
          .ignored(
              "a Java application has LinuxHostNetwork.builder().nice(..); start `lvs4j run` by nice or chrt",
              "vrrp_priority",
              "vrrp_rt_priority")
          .synonym("lvs_process_name", "checker_process_name")
          .refused(
              "the firewall isn't touched",
              "vrrp_iptables",
              "vrrp_ipsets",
              "nftables",
              "nftables_priority",
              "nftables_counters",
              "nftables_ifindex",
              "disable_local_igmp")
          .refused(
              "groups are virtual servers each; marks are set by the firewall's own rules",
              "nftables_ipvs",
              "nftables_ipvs_priority",
              "nftables_ipvs_start_fwmark")
          .ignored(
              NO_SNMP,
              "snmp_socket",
              "enable_snmp_vrrp",
              "enable_snmp_checker",
              "enable_snmp_rfc",
              "enable_snmp_rfcv2",
              "enable_snmp_rfcv3",
              "enable_traps")
          .synonym("enable_snmp_keepalived", "enable_snmp_vrrp")
          .ignored("no DBus", "enable_dbus", "dbus_service_name")
          .ignored(
              NO_BUFFERS,
              "vrrp_netlink_cmd_rcv_bufs",
              "vrrp_netlink_cmd_rcv_bufs_force",
              "vrrp_netlink_monitor_rcv_bufs",
              "vrrp_netlink_monitor_rcv_bufs_force",
              "lvs_netlink_cmd_rcv_bufs",
              "lvs_netlink_cmd_rcv_bufs_force",
              "lvs_netlink_monitor_rcv_bufs",
              "lvs_netlink_monitor_rcv_bufs_force",
              "process_monitor_rcv_bufs",
              "process_monitor_rcv_bufs_force",
              "vrrp_rx_bufs_policy",
              "vrrp_rx_bufs_multiplier")
          .ignored("no virtual MAC addresses", "vmac_prefix", "vmac_addr_prefix")
          .ignored(
              RELOAD, "reload_check_config", "reload_time_file", "reload_repeat", "reload_file")
          .since("2.4")
          .mapped("vrrp_owner_ignore_adverts", "vrrp_delay_after_boot")
          .ignored("no DBus", "dbus_no_interface_name")
          .ignored("routes aren't made", "iproute_usr_dir", "iproute_etc_dir")
          .ignored(
              "snapshots can be had at any time",
              "json_version",
              "state_dump_file",
              "stats_dump_file",
              "json_dump_file")
          .ignored(NO_PROCESSES, "set_supplementary_groups", "use_symlink_paths")
          .ignored(NO_SNMP, "snmp_vs_stats_update_interval", "snmp_rs_stats_update_interval")
          .mappedAs(
              "thread_timer_expired", "the guard is always on; it goes by the peers' patience")
          .build();
}
