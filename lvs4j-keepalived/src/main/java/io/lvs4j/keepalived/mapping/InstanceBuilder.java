package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes an instance of what was read. Where settings don't go together, the one that keepalived
 * lets go of is let go of, and told.
 */
final class InstanceBuilder {
  private static final long HUNDREDTH = 10_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_ADDRESSES_V4 = 255;
  private static final int MOST_ADDRESSES_V6 = 89;

  private final InstanceReader read;
  private final VrrpDefaults defaults;
  private final Diagnostics diagnostics;
  private final String subject;

  InstanceBuilder(InstanceReader read, VrrpDefaults defaults) {
    this.read = read;
    this.defaults = defaults;
    this.diagnostics = read.diagnostics;
    this.subject = "vrrp_instance " + read.name() + ": ";
  }

  private void warn(String text) {
    diagnostics.warning(read.statement.position(), subject + text);
  }

  private void leftOut(String text) {
    diagnostics.error(read.statement.position(), subject + text);
  }

  Optional<VrrpInstance> build() {
    if (read.refused) {
      diagnostics.error(read.statement.position(), subject + "left out");
      return Optional.empty();
    }
    if (read.virtualRouterId.isEmpty()) {
      diagnostics.error(
          read.statement.position(), subject + "no virtual_router_id (expected: 1-255)");
      return Optional.empty();
    }
    if (read.faultWithoutPeer && read.peers.isEmpty()) {
      diagnostics.error(
          read.statement.position(), subject + "no unicast_peer, and unicast_fault_no_peer");
      return Optional.empty();
    }
    var builder = VrrpInstance.builder(read.name()).virtualRouterId(read.virtualRouterId.get());
    read.networkInterface.ifPresent(builder::networkInterface);
    var version = version();
    builder.version(version).advertisementInterval(interval(version));
    election(builder);
    addresses(builder);
    transport(builder);
    authentication(version).ifPresent(builder::authentication);
    builder
        .checksum(read.checksum())
        .announcements(read.garp.announcements(defaults.garp))
        .downTimerAdverts(read.downTimerAdverts.orElse(defaults.downTimerAdverts))
        .startUpDelay(defaults.startUpDelay);
    if (!read.ownInterfaceTracked) {
      builder.ownInterfaceNotTracked();
    }
    trackers().forEach(builder::track);
    read.notifications.listeners(false).forEach(builder::listener);
    return Optional.of(builder.build());
  }

  private VrrpVersion version() {
    if (read.family() == AddressFamily.IPV6) {
      if (read.version.filter(version -> version == VrrpVersion.V2).isPresent()) {
        warn("version 2 with IPv6, which is taken as 3");
      }
      return VrrpVersion.V3;
    }
    return read.version.orElse(defaults.version);
  }

  /** Returns the interval in the units of the version, as near as can be. */
  private Duration interval(VrrpVersion version) {
    long unit = version == VrrpVersion.V2 ? SECOND : HUNDREDTH;
    long most = version == VrrpVersion.V2 ? 255 : 4095;
    long units = Math.clamp((read.interval.toNanos() + unit / 2) / unit, 1, most);
    var rounded = Duration.ofNanos(units * unit);
    if (!rounded.equals(read.interval)) {
      warn(
          "advert_int "
              + seconds(read.interval)
              + ", which is taken as "
              + seconds(rounded)
              + (version == VrrpVersion.V2
                  ? " (expected: whole seconds in version 2)"
                  : " (expected: hundredths of a second up to 40.95 in version 3)"));
    }
    return rounded;
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString();
  }

  private void election(VrrpInstance.Builder builder) {
    boolean master = read.master.orElse(false);
    int priority = read.priority.orElse(master ? 255 : 100);
    if (read.priority.isEmpty() && master) {
      warn("no priority and state MASTER, which means 255, the address owner");
    }
    builder.priority(priority);
    if (read.master.isPresent() && !master) {
      builder.startAsBackup();
    }
    boolean noPreempt = read.noPreempt;
    var delay = read.preemptDelay.orElse(Duration.ZERO);
    if (isStrict() && !delay.isZero()) {
      warn("preempt_delay in strict mode: there is none, as in keepalived");
      delay = Duration.ZERO;
    }
    if (master && noPreempt) {
      warn("nopreempt with state MASTER: preemption stays on (expected: state BACKUP)");
      noPreempt = false;
    }
    if (master && !delay.isZero()) {
      warn("preempt_delay with state MASTER: there is none (expected: state BACKUP)");
      delay = Duration.ZERO;
    }
    if (noPreempt && !delay.isZero()) {
      warn("preempt_delay with nopreempt: there is none (expected: one of them)");
      delay = Duration.ZERO;
    }
    if (noPreempt) {
      builder.noPreempt();
    }
    builder.preemptDelay(delay);
    if (read.lowerPriorityUnanswered.orElse(defaults.lowerPriorityUnanswered)) {
      builder.leaveLowerPriorityUnanswered();
    }
    boolean sent = read.advertBeforeSteppingDown.orElse(defaults.advertBeforeSteppingDown);
    if (isStrict() && sent) {
      warn("higher_prio_send_advert in strict mode: none is sent, as in keepalived");
      sent = false;
    }
    if (!sent) {
      builder.stepDownSilently();
    }
    if (read.ownerIgnoresAdverts.orElse(defaults.ownerIgnoresAdverts)) {
      builder.ignoreAdvertsAsOwner();
    }
  }

  private void addresses(VrrpInstance.Builder builder) {
    var seen = new HashSet<VirtualAddress.Identity>();
    var excluded = new ArrayList<VirtualAddress>();
    int most = read.family() == AddressFamily.IPV6 ? MOST_ADDRESSES_V6 : MOST_ADDRESSES_V4;
    int count = 0;
    for (var address : read.addresses) {
      if (address.family() != read.family()) {
        leftOut("virtual address " + address + ": of another family than the first, and left out");
      } else if (isNew(seen, address)) {
        if (count++ < most) {
          builder.virtualAddress(placed(address));
        } else {
          excluded.add(address);
        }
      }
    }
    if (!excluded.isEmpty()) {
      warn(excluded.size() + " virtual addresses more than an advert holds are not named in it");
    }
    read.excluded.stream().filter(address -> isNew(seen, address)).forEach(excluded::add);
    excluded.forEach(address -> builder.excludedAddress(placed(address)));
    if (read.addresses.isEmpty()) {
      if (!read.withoutAddresses) {
        warn(
            excluded.isEmpty()
                ? "no virtual address (expected: at least one)"
                : "no virtual_ipaddress, so that adverts name no address (expected: at least one)");
      }
      builder.noVirtualAddress();
    } else if (read.withoutAddresses) {
      warn("no_virtual_ipaddress with virtual_ipaddress, which counts (expected: one of them)");
    }
  }

  private boolean isNew(Set<VirtualAddress.Identity> seen, VirtualAddress address) {
    boolean added = seen.add(placed(address).identity(read.networkInterface));
    if (!added) {
      warn("virtual address " + address + ": given twice, the first counts");
    }
    return added;
  }

  /** Returns the address on the default interface, where there is no other. */
  private VirtualAddress placed(VirtualAddress address) {
    return read.networkInterface.isPresent() || address.networkInterface().isPresent()
        ? address
        : address.on(defaults.defaultInterface);
  }

  private void transport(VrrpInstance.Builder builder) {
    var family = read.family();
    read.source
        .filter(address -> isOf(family, address, "source address"))
        .ifPresent(address -> builder.sourceAddress(Endpoint.literal(address)));
    var seen = new HashSet<InetAddress>();
    var peers =
        read.peers.stream()
            .filter(this::isOther)
            .filter(peer -> isOf(family, peer.address(), "unicast_peer"))
            .filter(peer -> seen.add(peer.address()))
            .toList();
    peers.forEach(builder::unicastPeer);
    if (peers.isEmpty()) {
      if (read.unicastAsked) {
        warn("unicast without a peer, which means multicast (expected: unicast_peer)");
      }
      read.multicastGroup
          .or(() ->
              family == AddressFamily.IPV4 ? defaults.multicastGroup4 : defaults.multicastGroup6)
          .filter(address -> isOf(family, address, "multicast group"))
          .ifPresent(address -> builder.multicastGroup(Endpoint.literal(address)));
      return;
    }
    read.unicastTtl.ifPresent(builder::unicastTtl);
    boolean bounded = peers.stream().anyMatch(UnicastPeer::isTtlChecked);
    if (bounded || read.sourceChecked.orElse(defaults.unicastSourceChecked)) {
      builder.checkUnicastSource();
    }
  }

  /** Where all hosts are listed on each of them, one is this one. */
  private boolean isOther(UnicastPeer peer) {
    boolean own = read.source.filter(peer.address()::equals).isPresent();
    if (own) {
      warn(
          "unicast_peer "
              + Endpoint.literal(peer.address())
              + " is unicast_src_ip itself, and skipped");
    }
    return !own;
  }

  private boolean isOf(AddressFamily family, InetAddress address, String what) {
    boolean same = AddressFamily.of(address) == family;
    if (!same) {
      leftOut(what + " " + Endpoint.literal(address) + ": of another family, and left out");
    }
    return same;
  }

  private boolean isStrict() {
    return read.strict.orElse(defaults.strict);
  }

  private Optional<Authentication> authentication(VrrpVersion version) {
    if (isStrict()
        && read.authentication.filter(each -> !(each instanceof HmacAuthentication)).isPresent()) {
      warn("authentication in strict mode: there is none, as in keepalived");
      return Optional.empty();
    }
    if (version == VrrpVersion.V3
        && read.authentication.filter(Authentication.Password.class::isInstance).isPresent()) {
      warn("authentication in version 3: there is none (expected: version 2, or auth_hmac)");
      return Optional.empty();
    }
    return read.authentication;
  }

  private List<Tracker> trackers() {
    var trackers = new ArrayList<Tracker>();
    var names = new HashSet<String>();
    for (var tracker : read.trackers) {
      if (isOwnInterface(tracker)) {
        warn("track_interface " + tracker.name() + ": its own interface is tracked anyway");
      } else if (names.add(tracker.name())) {
        trackers.add(tracker);
      } else {
        warn("tracked twice: " + tracker.name() + "; the first counts");
      }
    }
    return trackers;
  }

  private boolean isOwnInterface(Tracker tracker) {
    return tracker.source() instanceof TrackerSource.NetworkInterface(String name)
        && !tracker.isWeighted()
        && !tracker.isReversed()
        && read.ownInterfaceTracked
        && read.networkInterface.filter(name::equals).isPresent();
  }
}
