package io.lvs4j.api.vrrp;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds everything that is wrong with the settings of an instance. */
final class InstanceChecks {
  /**
   * What fits a packet of 1500 bytes: 40 of IPv6 header, 8 of VRRP header, 16 an address and 28 of
   * signature. With IPv4 the 8-bit count is the tighter bound.
   */
  private static final int MOST_IPV6_ADDRESSES = 89;

  private static final int MOST_IPV4_ADDRESSES = 255;

  private final VrrpInstance.Builder settings;
  private final List<Problem> problems;

  private InstanceChecks(VrrpInstance.Builder settings) {
    this.settings = settings;
    this.problems = new ArrayList<>(settings.problems);
  }

  static List<Problem> of(VrrpInstance.Builder settings) {
    var checks = new InstanceChecks(settings);
    checks.identity();
    checks.timing();
    checks.addresses();
    checks.transport();
    checks.authentication();
    checks.problems.addAll(settings.announcements.problems());
    checks.trackers();
    return checks.problems;
  }

  private void identity() {
    if (settings.name.isBlank()) {
      problem("name", "\"" + settings.name + "\"", "a name");
    }
    if (settings.networkInterface != null) {
      NetworkInterfaceName.check(problems, "network interface", settings.networkInterface);
    } else if (settings.unicastPeers.isEmpty() || settings.sourceAddress == null) {
      problem(
          "network interface", "none", "a name; only unicast from a source address goes without");
    } else if (!settings.virtualAddresses.isEmpty() || !settings.excludedAddresses.isEmpty()) {
      var all = new ArrayList<>(settings.virtualAddresses);
      all.addAll(settings.excludedAddresses);
      all.stream()
          .filter(address -> address.networkInterface().isEmpty())
          .forEach(address ->
              problem(
                  "virtual address " + address,
                  "no interface",
                  "one for the instance, or one of its own"));
    }
    Ranges.number(problems, "virtual router id", settings.virtualRouterId, 1, 255);
    if (settings.priority < 1 || settings.priority > 255) {
      problem(
          "priority", Integer.toString(settings.priority), "1-254, or 255 for the address owner");
    }
  }

  private void timing() {
    var interval = settings.advertisementInterval;
    var second = Duration.ofSeconds(1);
    switch (settings.version()) {
      case V2 -> {
        if (interval.compareTo(second) < 0
            || interval.compareTo(Duration.ofSeconds(255)) > 0
            || !isMultipleOf(interval, second)) {
          problem(
              "advertisement interval",
              Ranges.text(interval),
              "whole seconds from 1s to 255s in VRRPv2; VRRPv3 has hundredths");
        }
      }
      case V3 -> {
        var hundredth = Duration.ofMillis(10);
        if (interval.compareTo(hundredth) < 0
            || interval.compareTo(Duration.ofMillis(40_950)) > 0
            || !isMultipleOf(interval, hundredth)) {
          problem(
              "advertisement interval",
              Ranges.text(interval),
              "hundredths of a second from 10ms to 40.95s in VRRPv3");
        }
      }
    }
    Ranges.duration(
        problems, "preempt delay", settings.preemptDelay, Duration.ZERO, Duration.ofSeconds(1000));
    if (!settings.preempting && !settings.preemptDelay.isZero()) {
      problem("preempt delay", Ranges.text(settings.preemptDelay), "none without preemption");
    }
    if (!settings.preempting && settings.priority == 255 && settings.startingAsMaster) {
      problem("nopreempt", "for the address owner", "a lower priority, or startAsBackup()");
    }
    Ranges.number(problems, "down timer adverts", settings.downTimerAdverts, 1, 100);
    Ranges.duration(
        problems, "start-up delay", settings.startUpDelay, Duration.ZERO, Duration.ofHours(1));
  }

  private void addresses() {
    if (settings.withoutAddresses && !settings.virtualAddresses.isEmpty()) {
      problem("no virtual address", "with virtual addresses", "one or the other");
    }
    if (settings.virtualAddresses.isEmpty()
        && settings.excludedAddresses.isEmpty()
        && !settings.withoutAddresses) {
      problem("virtual addresses", "none", "at least one, or noVirtualAddress()");
    }
    var family = settings.family();
    int most = family == AddressFamily.IPV6 ? MOST_IPV6_ADDRESSES : MOST_IPV4_ADDRESSES;
    if (settings.virtualAddresses.size() > most) {
      problem(
          "virtual addresses",
          Integer.toString(settings.virtualAddresses.size()),
          "at most " + most + ", what an advert holds; excluded addresses have no limit");
    }
    var seen = new HashSet<VirtualAddress.Identity>();
    for (var address : settings.virtualAddresses) {
      if (address.family() != family) {
        problem("virtual address " + address, address.family().toString(), family + ", as others");
      }
      checkOnce(seen, address);
    }
    settings.excludedAddresses.forEach(address -> checkOnce(seen, address));
    if (family == AddressFamily.IPV6 && settings.version() == VrrpVersion.V2) {
      problem("version", "VRRPv2 with IPv6", "VRRPv3");
    }
  }

  private void checkOnce(Set<VirtualAddress.Identity> seen, VirtualAddress address) {
    problems.addAll(address.problems());
    if (!seen.add(address.identity(Optional.ofNullable(settings.networkInterface)))) {
      problem("virtual address " + address, "given twice", "each address once on an interface");
    }
  }

  private void transport() {
    var family = settings.family();
    sameFamily("source address", settings.sourceAddress);
    sameFamily("multicast group", settings.multicastGroup);
    if (settings.multicastGroup != null) {
      if (!settings.multicastGroup.isMulticastAddress()) {
        problem(
            "multicast group", Endpoint.literal(settings.multicastGroup), "a multicast address");
      }
      if (!settings.unicastPeers.isEmpty()) {
        problem("multicast group", "with unicast peers", "one or the other");
      }
    }
    if (settings.sourceAddress != null
        && (settings.sourceAddress.isAnyLocalAddress()
            || settings.sourceAddress.isMulticastAddress())) {
      problem("source address", Endpoint.literal(settings.sourceAddress), "a unicast address");
    }
    var seen = new HashSet<InetAddress>();
    for (var peer : settings.unicastPeers) {
      var subject = "unicast peer " + peer;
      if (AddressFamily.of(peer.address()) != family) {
        problem(subject, AddressFamily.of(peer.address()).toString(), family.toString());
      }
      if (peer.address().isMulticastAddress() || peer.address().isAnyLocalAddress()) {
        problem(subject, "not a host", "a unicast address");
      }
      if (peer.address().equals(settings.sourceAddress)) {
        problem(subject, "the source address too", "another router's address");
      }
      if (!seen.add(peer.address())) {
        problem(subject, "given twice", "each peer once");
      }
    }
    Ranges.number(problems, "unicast TTL", settings.unicastTtl, 1, 255);
    if (settings.unicastSourceChecked && settings.unicastPeers.isEmpty()) {
      problem("check of unicast sources", "without unicast peers", "unicast peers");
    }
  }

  private void sameFamily(String subject, @Nullable InetAddress address) {
    var family = settings.family();
    if (address != null && AddressFamily.of(address) != family) {
      problem(subject, Endpoint.literal(address), family + ", as the virtual addresses");
    }
  }

  private void authentication() {
    var authentication = settings.authentication;
    if (authentication == null) {
      return;
    }
    problems.addAll(authentication.problems());
    if (authentication instanceof Authentication.Password && settings.version() == VrrpVersion.V3) {
      problem("authentication", "PASS in VRRPv3", "VRRPv2, or HMAC keys");
    }
  }

  private void trackers() {
    var seen = new HashSet<String>();
    for (var tracker : settings.trackers) {
      problems.addAll(tracker.problems());
      if (!seen.add(tracker.name())) {
        problem("tracker " + tracker.name(), "given twice", "each name once");
      }
    }
  }

  private static boolean isMultipleOf(Duration value, Duration unit) {
    return value.toNanos() % unit.toNanos() == 0;
  }

  private void problem(String subject, String value, String expected) {
    problems.add(new Problem(subject, value, expected));
  }
}
