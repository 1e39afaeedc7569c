package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.vrrp.machine.Action;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.router.Election.Task;
import io.lvs4j.vrrp.router.Tally.Count;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Does what elections decide: sends adverts, claims, announces and releases addresses, and tells
 * listeners. Some of it takes its time or is tried again, when the loop says that it is time.
 */
final class Deeds {
  private final RouterClock clock;
  private final Notifications notifications;
  private final BiConsumer<Member, Moment> refresh;
  private final Addresses addresses;
  private final Announcer announcer;
  private final Outbound outbound;
  private final Claiming claiming = new Claiming();
  private final Deque<News> news = new ArrayDeque<>();
  private RouterSettings settings;

  private record News(VrrpEvent event, List<VrrpListener> listeners) {}

  /**
   * Creates them with nothing done yet.
   *
   * @param refresh takes the word that an instance can or can't have its addresses
   */
  Deeds(
      RouterSettings settings,
      HostNetwork network,
      RouterClock clock,
      RouterLog log,
      Notifications notifications,
      BiConsumer<Member, Moment> refresh) {
    this.settings = settings;
    this.clock = clock;
    this.notifications = notifications;
    this.refresh = refresh;
    this.addresses = new Addresses(network, log);
    this.announcer = new Announcer(network, log);
    this.outbound = new Outbound(log);
  }

  /** Goes on with another configuration. */
  void use(RouterSettings next) {
    settings = next;
  }

  /** Makes ready what claiming the addresses of an instance will take. */
  void prepare(Member member) {
    addresses.prepare(member);
  }

  /**
   * Does what an election has decided after an event of one of its members. Listeners are told
   * later, by {@link #tell}.
   */
  void perform(Member cause, List<Task> tasks, Moment now) {
    for (var task : tasks) {
      var member = task.member().orElse(null);
      if (member == null) {
        if (task.action() instanceof Action.Notify(VrrpEvent event)) {
          news.add(new News(event, settings.listenersOfGroupOf(cause)));
        }
      } else {
        perform(member, task.action(), now);
      }
    }
  }

  private void perform(Member member, Action action, Moment now) {
    switch (action) {
      case Action.SendAdvert(var priority) -> {
        if (priority.isStopping()) {
          announcer.cancel(member);
        }
        outbound.send(member, priority, clock.timeOfDay());
      }
      case Action.ClaimAddresses _ -> claimed(member, addresses.claim(member), now);
      case Action.ReleaseAddresses _ -> {
        announcer.cancel(member);
        addresses.release(member, now);
      }
      case Action.RestoreAddress(VirtualAddress address) -> {
        member.tally.add(Count.ADDRESSES_RESTORED);
        claimed(member, addresses.claim(member, address).stream().toList(), now);
      }
      case Action.Announce(int repeat) -> announcer.announce(member, addresses, repeat);
      case Action.AnnounceSource _ -> announcer.announceSource(member);
      case Action.Notify(VrrpEvent event) -> {
        member.reason(event);
        news.add(new News(event, settings.listenersOf(member)));
      }
      case Action.DrainSocket _, Action.WantMaster _ -> {
        // The loop drains whenever a deadline has passed, and a group hears of wishes by itself.
      }
    }
  }

  /** A master without its addresses is worse than none: it gives way until they can be had. */
  private void claimed(Member member, List<String> refusals, Moment now) {
    if (refusals.isEmpty()) {
      claiming.succeeded(member);
      return;
    }
    claiming.failed(member, now);
    member.claimFaults = refusals;
    refresh.accept(member, now);
  }

  /**
   * Claims the addresses that a master is to have beside its own, before anybody releases what is
   * to be its no more: an address that goes from one instance to another is never away.
   *
   * @return those that are new, and why some couldn't be claimed
   */
  Moved claimAhead(Member member, VrrpInstance next) {
    var added = Addresses.without(member, next.allAddresses(), member.instance.allAddresses());
    return new Moved(
        added, added.stream().flatMap(each -> addresses.claim(member, each).stream()).toList());
  }

  /**
   * What a master has claimed ahead.
   *
   * @param added the addresses
   * @param refusals why some of them couldn't be claimed, in words
   */
  record Moved(List<VirtualAddress> added, List<String> refusals) {}

  /** Lets an instance that has failed give way, and try again after a growing pause. */
  void giveUp(Member member, String reason, Moment now) {
    giveUpSilently(member, reason, now);
    refresh.accept(member, now);
  }

  /** The same, of one whose election is not to hear of it. */
  void giveUpSilently(Member member, String reason, Moment now) {
    announcer.cancel(member);
    claiming.failed(member, now);
    member.claimFaults = List.of(reason);
  }

  /** Lets a master release the addresses that it had, and announce those that are new. */
  void move(Member member, List<VirtualAddress> before, Moved moved, Moment now) {
    var gone = Addresses.without(member, before, member.instance.allAddresses());
    addresses.release(member, gone, now);
    if (!moved.added.isEmpty()) {
      claimed(member, moved.refusals, now);
      announcer.announce(member, moved.added, member.instance.announcements().repeat());
    }
  }

  /** Drops what an instance still had to do that is none any more. */
  void forget(Member member) {
    announcer.cancel(member);
    claiming.succeeded(member);
  }

  /** Sends the announcements that are due. */
  void announce(Moment now) {
    announcer.send(now);
  }

  /** Tells the listeners, who then find in a snapshot what they are told. */
  void tell() {
    while (!news.isEmpty()) {
      var next = news.removeFirst(); // first: what can't be told is not told again and again
      notifications.publish(next.event, next.listeners);
    }
  }

  /** Returns when something is to be done next that was not done at once. */
  Optional<Moment> nextAt(Moment now) {
    return Member.earlier(
        Member.earlier(announcer.nextAt(now), addresses.retryAt()), claiming.retryAt());
  }

  /** Tries again what could not be done, when it is time. */
  void retry(Moment now) {
    addresses.retry(now);
    for (var member : claiming.due(now)) {
      member.claimFaults = List.of();
      refresh.accept(member, now);
    }
  }

  /** Takes the news that claims which were refused may be granted now. */
  void tryAgain(Moment now) {
    claiming.tryAgain(now);
  }

  /** Sends the advert of a master that ends. */
  void sayGoodbye(Member member) {
    outbound.send(member, Priority.STOPPING, clock.timeOfDay());
  }

  /** Takes all addresses of an instance from this host. */
  void release(Member member, Moment now) {
    addresses.release(member, now);
  }

  /** Returns whose address a claim is; empty when it is nobody's any more. */
  List<Addresses.Owner> owners(VirtualAddressClaim claim) {
    return addresses.owners(claim);
  }

  /** Returns the addresses of an instance that are on this host. */
  List<VirtualAddress> addressesOf(Member member) {
    return addresses.of(member);
  }
}
