package io.lvs4j.keepalived.keyword;

/** The keywords of VRRP's blocks. */
final class VrrpKeywords {
  private static final String NO_MAIL = "no mail is sent; a listener can";
  private static final String NO_VIRTUAL_MAC = "addresses move to the interface's own MAC address";

  private VrrpKeywords() {}

  static final BlockKeywords INSTANCE =
      BlockKeywords.named("vrrp_instance")
          .mapped(
              "state",
              "interface",
              "virtual_router_id",
              "priority",
              "advert_int",
              "version",
              "preempt",
              "nopreempt",
              "preempt_delay",
              "dont_track_primary",
              "mcast_src_ip",
              "unicast_src_ip",
              "mcast_dst_ip",
              "unicast_ttl",
              "unicast_fault_no_peer",
              "check_unicast_src",
              "down_timer_adverts",
              "garp_master_delay",
              "garp_master_repeat",
              "garp_master_refresh",
              "garp_master_refresh_repeat",
              "garp_lower_prio_delay",
              "garp_lower_prio_repeat",
              "lower_prio_no_advert",
              "higher_prio_send_advert",
              "native_ipv6",
              "notify",
              "notify_master",
              "notify_backup",
              "notify_fault",
              "notify_stop",
              "notify_master_rx_lower_pri")
          .block(
              "authentication",
              "virtual_ipaddress",
              "virtual_ipaddress_excluded",
              "unicast_peer",
              "track_interface",
              "track_script",
              "track_file")
          .ignored("addresses of a master are accepted, as by default", "accept")
          .refused("dropping what comes for the virtual addresses is the firewall's", "no_accept")
          .ignored("the address list of adverts is counted, not insisted on", "skip_check_adv_addr")
          .mappedAs("strict_mode", GlobalKeywords.STRICT)
          .notYet(NO_VIRTUAL_MAC, "use_vmac", "use_vmac_addr", "vmac_xmit_base", "use_ipvlan")
          .notYet("unicast is bound to an interface or a source address", "vrf")
          .notYet("only the instance's own addresses are announced", "garp_extra_if")
          .notYet("the source address isn't watched", "track_src_ip")
          .notYet("the kernel decides about secondary addresses", "promote_secondaries")
          .notYetBlock("processes aren't watched; a vrrp_script can", "track_process")
          .notYetBlock("no BFD", "track_bfd")
          .notYetBlock("only addresses move", "virtual_routes", "virtual_rules")
          .mapped("notify_deleted", "notify_priority_changes")
          .ignored(NO_MAIL, "smtp_alert")
          .ignored("keepalived doesn't use it either", "debug")
          .ignored("the sockets look after their buffers", "kernel_rx_buf_size")
          .ignored("the kernel's netlink news are used", "linkbeat_use_polling")
          .mappedAs("lvs_sync_daemon_interface", "as lvs_sync_daemon of global_defs")
          .ignored(
              "no router of lvs4j sends the checksum of keepalived 1.3.6 and before; only a peer"
                  + " that insists on it is not heard",
              "old_unicast_checksum")
          .since("2.4")
          .block("auth_hmac")
          .mapped("no_virtual_ipaddress", "owner_ignore_adverts", "v3_checksum_as_v2")
          .mappedAs(
              "timer_expired_backup",
              "the guard is always on and goes by the peers' patience; a priority behind it isn't used")
          .build();

  static final BlockKeywords AUTHENTICATION =
      BlockKeywords.named("authentication").mapped("auth_type", "auth_pass").build();

  static final BlockKeywords AUTH_HMAC =
      BlockKeywords.named("auth_hmac")
          .since("2.4")
          .mapped("key", "active_key", "anti_replay", "time_window", "mode")
          .build();

  static final BlockKeywords SYNC_GROUP =
      BlockKeywords.named("vrrp_sync_group")
          .block("group", "track_interface", "track_script", "track_file")
          .mapped(
              "notify",
              "notify_master",
              "notify_backup",
              "notify_fault",
              "notify_stop",
              "sync_group_tracking_weight")
          .notYetBlock("processes aren't watched; a vrrp_script can", "track_process")
          .notYetBlock("no BFD", "track_bfd")
          .ignored("what a member tracks counts for the group anyway", "global_tracking")
          .ignored("the priority of a group is written as 0", "notify_priority_changes")
          .ignored(NO_MAIL, "smtp_alert")
          .build();

  static final BlockKeywords SCRIPT =
      BlockKeywords.named("vrrp_script")
          .mapped("script", "interval", "timeout", "weight", "rise", "fall", "init_fail")
          .mappedAs(
              "user",
              "a program runs as the user of the application; it is left out if that is root and this isn't")
          .build();

  static final BlockKeywords TRACK_FILE =
      BlockKeywords.named("track_file")
          .mapped("file", "weight")
          .notYet("the file is read, never written", "init_file")
          .build();
}
