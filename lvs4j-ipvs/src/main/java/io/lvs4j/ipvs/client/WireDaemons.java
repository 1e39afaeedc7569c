package io.lvs4j.ipvs.client;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.ipvs.wire.AddressBytes;
import io.lvs4j.ipvs.wire.DaemonAttributes;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Sync daemons as messages have them. */
final class WireDaemons {
  private WireDaemons() {}

  static DaemonAttributes identify(SyncRole role) {
    return new DaemonAttributes(
        OptionalLong.of(role.number()),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  static DaemonAttributes describe(SyncDaemon daemon) {
    return new DaemonAttributes(
        OptionalLong.of(daemon.role().number()),
        Optional.of(daemon.networkInterface()),
        OptionalLong.of(daemon.syncId()),
        daemon.maximumLength(),
        group(daemon, AddressFamily.IPV4),
        group(daemon, AddressFamily.IPV6),
        daemon.port(),
        daemon.timeToLive());
  }

  private static Optional<AddressBytes> group(SyncDaemon daemon, AddressFamily family) {
    return daemon
        .group()
        .filter(group -> AddressFamily.of(group) == family)
        .map(AddressBytes::exactly);
  }

  static Decoding<SyncDaemon> decode(IpvsMessage message) {
    if (message.daemon().isEmpty()) {
      return new Malformed<>("answer " + message.command() + ": no daemon (expected: one)");
    }
    var attributes = message.daemon().get();
    String networkInterface = attributes.networkInterface().orElse("");
    long state = attributes.state().orElse(0);
    for (var role : SyncRole.values()) {
      if (role.number() == state && Texts.fits(networkInterface)) {
        return new Decoded<>(
            new SyncDaemon(
                role,
                networkInterface,
                attributes.syncId().orElse(0),
                attributes.maximumLength(),
                group(attributes),
                attributes.port(),
                attributes.timeToLive()));
      }
    }
    return new Malformed<>(
        "sync daemon: state "
            + state
            + " on '"
            + networkInterface
            + "' (expected: 1 or 2 on an interface)");
  }

  private static Optional<InetAddress> group(DaemonAttributes attributes) {
    return attributes
        .group6()
        .flatMap(AddressBytes::ipv6)
        .or(() -> attributes.group().flatMap(AddressBytes::ipv4));
  }
}
