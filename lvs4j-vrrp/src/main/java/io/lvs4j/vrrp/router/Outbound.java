package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.router.Tally.Count;
import io.lvs4j.vrrp.wire.HmacTrailer;
import io.lvs4j.vrrp.wire.SigningStamp;
import io.lvs4j.vrrp.wire.VrrpV2;
import io.lvs4j.vrrp.wire.VrrpV3;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/** Sends the adverts of instances, to the group or to each peer, signed if need be. */
final class Outbound {
  private final RouterLog log;

  Outbound(RouterLog log) {
    this.log = log;
  }

  /** Sends an advert. That it can't be sent is counted and told of, and no more. */
  void send(Member member, Priority priority, Instant timeOfDay) {
    var channel = member.channel;
    if (channel == null) {
      return;
    }
    var group = channel.key.settings().group();
    boolean sent = false;
    var destinations =
        group.isPresent()
            ? List.of(group.get())
            : member.instance.unicastPeers().stream().map(UnicastPeer::address).toList();
    member.stamp = stamp(member, timeOfDay);
    for (var destination : destinations) {
      sent |= send(member, channel.channel, priority, destination);
    }
    if (sent) {
      member.tally.add(Count.ADVERTS_SENT);
      if (priority.isStopping()) {
        member.tally.add(Count.PRIORITY_ZERO_SENT);
      }
    }
  }

  private boolean send(
      Member member, VrrpChannel channel, Priority priority, InetAddress destination) {
    try {
      channel.send(message(member, priority, destination), destination);
      return true;
    } catch (HostNetworkException refused) {
      member.tally.add(Count.SEND_FAILURES);
      log.warn(member.name() + " send", member.name() + ": " + refused.getMessage());
      return false;
    } catch (RuntimeException | Error failed) {
      member.tally.add(Count.SEND_FAILURES);
      member.tally.add(Count.INTERNAL_ERRORS);
      log.failed(member.name() + ": advert", failed);
      return false;
    }
  }

  private static SigningStamp stamp(Member member, Instant timeOfDay) {
    return member.stamp == null ? SigningStamp.of(timeOfDay) : member.stamp.next(timeOfDay);
  }

  static byte[] message(Member member, Priority priority, InetAddress destination) {
    var instance = member.instance;
    var source = member.self.source();
    byte[] bytes =
        switch (instance.version()) {
          case V2 -> version2(instance, priority).encode();
          case V3 -> version3(instance, priority).encode(source, destination);
        };
    if (member.stamp != null
        && instance.authentication().orElse(null) instanceof HmacAuthentication hmac
        && hmac.mode() != HmacAuthentication.Mode.RECEIVE_ONLY) {
      var key = hmac.key(hmac.activeKey()).orElseThrow();
      return HmacTrailer.sign(bytes, source, key, member.stamp).appendTo(bytes);
    }
    return bytes;
  }

  private static VrrpV2 version2(VrrpInstance instance, Priority priority) {
    var password =
        instance.authentication().orElse(null) instanceof Authentication.Password given
            ? VrrpV2.Password.of(given)
            : VrrpV2.Password.NONE;
    return new VrrpV2(
        instance.virtualRouterId(),
        priority,
        instance.advertisementInterval(),
        instance.virtualAddresses().stream()
            .map(address -> (Inet4Address) address.address())
            .toList(),
        password);
  }

  private static VrrpV3 version3(VrrpInstance instance, Priority priority) {
    return new VrrpV3(
        instance.virtualRouterId(),
        priority,
        instance.advertisementInterval(),
        instance.virtualAddresses().stream().map(VirtualAddress::address).toList(),
        VrrpV3.Coverage.of(instance.checksum(), instance.family()));
  }
}
