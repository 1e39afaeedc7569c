package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.router.Tally.Count;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends gratuitous ARPs and neighbour advertisements, with the asked-for time between two of them
 * on an interface. So many at most go out in one go that adverts needn't wait for long.
 */
final class Announcer {
  private static final int MOST_AT_ONCE = 128;

  private final HostNetwork network;
  private final RouterLog log;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private static final class Lane {
    final Deque<Announcement> waiting = new ArrayDeque<>();
    Optional<Moment> notBefore = Optional.empty();
  }

  private record Announcement(Member member, InetAddress address) {}

  Announcer(HostNetwork network, RouterLog log) {
    this.network = network;
    this.log = log;
  }

  /** Announces the addresses of an instance in turn, this many times. */
  void announce(Member member, Addresses addresses, int repeat) {
    announce(member, addresses.of(member), repeat);
  }

  /** Announces some addresses of an instance in turn, this many times. */
  void announce(Member member, List<VirtualAddress> addresses, int repeat) {
    for (int i = 0; i < repeat; i++) {
      for (var address : addresses) {
        add(Addresses.networkInterface(member, address), member, address.address());
      }
    }
  }

  /** Announces the address that an instance's adverts come from. */
  void announceSource(Member member) {
    member.instance.networkInterface().ifPresent(name -> add(name, member, member.self.source()));
  }

  private void add(String networkInterface, Member member, InetAddress address) {
    lanes
        .computeIfAbsent(networkInterface, _ -> new Lane())
        .waiting
        .add(new Announcement(member, address));
  }

  /** Drops what an instance still had to announce. */
  void cancel(Member member) {
    for (var lane : lanes.values()) {
      lane.waiting.removeIf(each -> each.member.equals(member));
    }
  }

  /** Returns when the next one is due. */
  Optional<Moment> nextAt(Moment now) {
    var earliest = Optional.<Moment>empty();
    for (var lane : lanes.values()) {
      if (!lane.waiting.isEmpty()) {
        earliest = Member.earlier(earliest, lane.notBefore.or(() -> Optional.of(now)));
      }
    }
    return earliest;
  }

  /** Sends what is due. */
  void send(Moment now) {
    for (var entry : lanes.entrySet()) {
      var lane = entry.getValue();
      for (int i = 0; i < MOST_AT_ONCE && !lane.waiting.isEmpty(); i++) {
        if (lane.notBefore.filter(at -> !at.hasCome(now)).isPresent()) {
          break;
        }
        var next = lane.waiting.remove();
        var spacing = next.member.instance.announcements().spacing();
        lane.notBefore = spacing.isZero() ? Optional.empty() : Optional.of(now.plus(spacing));
        send(entry.getKey(), next);
      }
    }
  }

  private void send(String networkInterface, Announcement announcement) {
    var tally = announcement.member.tally;
    try {
      network.announce(networkInterface, announcement.address);
      tally.add(Count.ANNOUNCEMENTS_SENT);
    } catch (HostNetworkException refused) {
      tally.add(Count.SEND_FAILURES);
      log.warn(
          announcement.member.name() + " announce",
          announcement.member.name() + ": " + refused.getMessage());
    } catch (RuntimeException | Error failed) {
      tally.add(Count.SEND_FAILURES);
      tally.add(Count.INTERNAL_ERRORS);
      log.failed(announcement.member.name() + ": announcement", failed);
    }
  }
}
