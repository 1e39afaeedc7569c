package io.lvs4j.keepalived.text;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.keepalived.script.NotifyFifo;
import io.lvs4j.keepalived.script.VrrpNotification;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Writes VRRP instances and sync groups. What keepalived would take otherwise is always written.
 */
final class VrrpText {
  private static final Duration FOR_EVER = Duration.ofSeconds(0xffff_ffffL);

  private final TextLines lines;
  private final TrackerText trackers;

  VrrpText(TextLines lines, TrackerText trackers) {
    this.lines = lines;
    this.trackers = trackers;
  }

  void instance(VrrpInstance instance) {
    String subject = "vrrp_instance " + instance.name();
    lines.open("vrrp_instance " + lines.word("vrrp_instance", instance.name()));
    boolean owner = instance.priority().isOwner();
    lines
        .lineIf(!instance.isStartingAsMaster(), "state BACKUP")
        .lineIf(instance.isStartingAsMaster() && owner, "state MASTER");
    instance.networkInterface().ifPresent(name -> lines.line("interface", name));
    lines
        .line("virtual_router_id " + instance.virtualRouterId())
        .line("priority " + instance.priority())
        .line("version " + instance.version().number())
        .line("advert_int " + TextLines.seconds(instance.advertisementInterval()))
        .lineIf(!instance.isPreempting(), "nopreempt")
        .lineIf(
            !instance.preemptDelay().isZero(),
            "preempt_delay " + TextLines.seconds(instance.preemptDelay()))
        .line("down_timer_adverts " + instance.downTimerAdverts())
        .line("lower_prio_no_advert " + !instance.isAnsweringLowerPriority())
        .line("higher_prio_send_advert " + instance.isAdvertisingBeforeSteppingDown())
        .lineIf(instance.isIgnoringAdvertsAsOwner(), "owner_ignore_adverts")
        .lineIf(!instance.isOwnInterfaceTracked(), "dont_track_primary")
        .lineIf(instance.checksum() == ChecksumDialect.RFC_9568, "v3_checksum_as_v2");
    transport(instance);
    announcements(instance.announcements());
    instance.authentication().ifPresent(secret -> authentication(subject, secret));
    addresses(instance);
    trackers.entries(subject, instance.trackers());
    listeners(subject, instance.listeners());
    lines.close().gap();
    if (instance.isAddressListChecked()) {
      lines.loss(
          subject, "adverts with other addresses are refused", "as keepalived's version does");
    }
    if (!instance.isStallGuarded()) {
      lines.loss(subject, "no stall guard", "as keepalived does");
    }
    if (!instance.isHandingOver()) {
      lines.loss(subject, "addresses released with the last advert", "as keepalived does");
    }
  }

  private void transport(VrrpInstance instance) {
    boolean unicast = !instance.unicastPeers().isEmpty();
    instance
        .sourceAddress()
        .ifPresent(address ->
            lines.line(
                (unicast ? "unicast_src_ip " : "mcast_src_ip ") + Endpoint.literal(address)));
    instance
        .multicastGroup()
        .ifPresent(address -> lines.line("mcast_dst_ip " + Endpoint.literal(address)));
    lines
        .lineIf(instance.unicastTtl() != 255, "unicast_ttl " + instance.unicastTtl())
        .lineIf(instance.isUnicastSourceChecked(), "check_unicast_src");
    if (unicast) {
      lines.open("unicast_peer");
      instance.unicastPeers().forEach(this::peer);
      lines.close();
    }
  }

  private void peer(UnicastPeer peer) {
    lines.line(
        Endpoint.literal(peer.address())
            + (peer.isTtlChecked()
                ? " min_ttl " + peer.leastTtl() + " max_ttl " + peer.mostTtl()
                : ""));
  }

  private void announcements(Announcements garp) {
    lines
        .line("garp_master_repeat " + garp.repeat())
        .line("garp_master_delay " + lines.wholeSeconds("garp_master_delay", garp.delay()))
        .line("garp_master_refresh " + lines.wholeSeconds("garp_master_refresh", garp.refresh()))
        .lineIf(garp.refreshRepeat() != 1, "garp_master_refresh_repeat " + garp.refreshRepeat());
    boolean lower =
        garp.lowerPriorityRepeat() != garp.repeat()
            || !garp.lowerPriorityDelay().equals(garp.delay());
    if (lower) {
      lines
          .line("garp_lower_prio_repeat " + garp.lowerPriorityRepeat())
          .line(
              "garp_lower_prio_delay "
                  + lines.wholeSeconds("garp_lower_prio_delay", garp.lowerPriorityDelay()));
    }
  }

  private void authentication(String subject, Authentication secret) {
    switch (secret) {
      case Authentication.Password(String text) ->
          lines.open("authentication").line("auth_type PASS").line("auth_pass", text).close();
      case Authentication.AuthenticationHeader(String type) ->
          lines.loss(subject, "authentication " + type, "PASS or HMAC keys");
      case HmacAuthentication hmac -> {
        lines.open("auth_hmac");
        hmac.keys()
            .forEach(key ->
                lines.line("key " + key.id() + " hex:" + HexFormat.of().formatHex(key.secret())));
        lines
            .line("active_key " + hmac.activeKey())
            .line("anti_replay " + hmac.antiReplay().name().toLowerCase(Locale.ROOT));
        hmac.timeWindow()
            .ifPresent(
                window -> lines.line("time_window " + lines.wholeSeconds("time_window", window)));
        lines.line("mode " + hmac.mode().name().toLowerCase(Locale.ROOT).replace('_', '-')).close();
      }
    }
  }

  private void addresses(VrrpInstance instance) {
    boolean none = instance.allAddresses().isEmpty();
    lines.lineIf(none, "no_virtual_ipaddress");
    addresses("virtual_ipaddress", instance.virtualAddresses());
    addresses("virtual_ipaddress_excluded", instance.excludedAddresses());
  }

  private void addresses(String keyword, List<VirtualAddress> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    lines.open(keyword);
    for (var address : addresses) {
      var line = new StringBuilder(address.toString());
      address.networkInterface().ifPresent(n -> line.append(" dev ").append(lines.word("dev", n)));
      address.label().ifPresent(l -> line.append(" label ").append(lines.word("label", l)));
      line.append(" scope ").append(address.scope().name().toLowerCase(Locale.ROOT));
      address
          .preferredLifetime()
          .ifPresent(time ->
              line.append(" preferred_lft ")
                  .append(
                      time.equals(FOR_EVER)
                          ? "forever"
                          : lines.wholeSeconds("preferred_lft", time)));
      lines.line(line.toString());
    }
    lines.close();
  }

  private void listeners(String subject, List<VrrpListener> listeners) {
    boolean deletion =
        listeners.stream()
            .anyMatch(each ->
                (each instanceof NotifyFifo fifo && fifo.deletionWritten())
                    || (each instanceof VrrpNotification script && script.deletionTold()));
    boolean script =
        listeners.stream()
            .anyMatch(
                each -> each instanceof VrrpNotification told && told.trigger() == Trigger.DELETED);
    lines.lineIf(deletion && !script, "notify_deleted");
    lines.lineIf(
        listeners.stream()
            .anyMatch(each -> each instanceof NotifyFifo fifo && fifo.prioritiesWritten()),
        "notify_priority_changes");
    for (var listener : listeners) {
      if (listener instanceof NotifyFifo) {
        continue; // said once, in global_defs
      }
      if (listener instanceof VrrpNotification notification) {
        lines.line(
            notification.trigger().keyword()
                + " "
                + CommandText.withUser(lines, subject, notification.command().program()));
      } else {
        lines.loss(subject, "a listener", "a script");
      }
    }
  }

  void group(SyncGroup group) {
    String subject = "vrrp_sync_group " + group.name();
    lines.open("vrrp_sync_group " + lines.word("vrrp_sync_group", group.name())).open("group");
    group.instances().forEach(name -> lines.line(lines.word(subject, name)));
    lines.close();
    trackers.entries(subject, group.trackers());
    lines.lineIf(group.isWeightedTrackingOn(), "sync_group_tracking_weight");
    listeners(subject, group.listeners());
    lines.close().gap();
  }
}
