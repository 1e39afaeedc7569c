package io.lvs4j.ipvs.client;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Tunnel;
import io.lvs4j.ipvs.wire.AddressBytes;
import io.lvs4j.ipvs.wire.DestinationAttributes;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Real servers as messages have them. */
final class WireDestinations {
  private static final int MASQ = 0;
  private static final int LOCALNODE = 1;
  private static final int TUNNEL = 2;
  private static final int DROUTE = 3;
  private static final int BYPASS = 4;

  private static final int IPIP = 0;
  private static final int GUE = 1;
  private static final int GRE = 2;

  private static final int CHECKSUM = 0x1;
  private static final int REMOTE_CHECKSUM = 0x2;

  private WireDestinations() {}

  /** Returns the attributes that say which real server is meant. */
  static DestinationAttributes identify(ServiceKey service, DestinationKey key) {
    return attributes(service, key, Optional.empty());
  }

  /** Returns the attributes that make a real server. */
  static DestinationAttributes describe(ServiceKey service, IpvsDestination destination) {
    return attributes(service, destination.key(), Optional.of(destination));
  }

  private static DestinationAttributes attributes(
      ServiceKey service, DestinationKey key, Optional<IpvsDestination> destination) {
    var family = AddressFamily.of(key.address());
    var tunnel = destination.map(IpvsDestination::forwarding).flatMap(WireDestinations::tunnel);
    return new DestinationAttributes(
        Optional.of(AddressBytes.of(key.address())),
        OptionalInt.of(key.port()),
        // Kernels before 3.18 don't know it, and have no need to when it is the service's own.
        family == service.family()
            ? OptionalInt.empty()
            : OptionalInt.of(WireServices.family(family)),
        number(destination.map(set -> (long) method(set.forwarding()))),
        number(destination.map(set -> Integer.toUnsignedLong(set.weight()))),
        number(destination.map(IpvsDestination::upperThreshold)),
        number(destination.map(IpvsDestination::lowerThreshold)),
        small(tunnel.map(WireDestinations::type)),
        small(tunnel.map(WireDestinations::port)),
        small(tunnel.map(WireDestinations::flags)),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static OptionalLong number(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private static OptionalInt small(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  private static Optional<Tunnel> tunnel(IpvsForwarding forwarding) {
    return forwarding instanceof IpvsForwarding.Tunnelling(var tunnel)
        ? Optional.of(tunnel)
        : Optional.empty();
  }

  private static int method(IpvsForwarding forwarding) {
    return switch (forwarding) {
      case IpvsForwarding.Masquerade _ -> MASQ;
      case IpvsForwarding.LocalNode _ -> LOCALNODE;
      case IpvsForwarding.Tunnelling _ -> TUNNEL;
      case IpvsForwarding.DirectRouting _ -> DROUTE;
      case IpvsForwarding.Bypass _ -> BYPASS;
    };
  }

  private static int type(Tunnel tunnel) {
    return switch (tunnel) {
      case Tunnel.Ipip _ -> IPIP;
      case Tunnel.Gue _ -> GUE;
      case Tunnel.Gre _ -> GRE;
    };
  }

  private static int port(Tunnel tunnel) {
    return tunnel instanceof Tunnel.Gue gue ? gue.port() : 0;
  }

  private static int flags(Tunnel tunnel) {
    return switch (tunnel) {
      case Tunnel.Ipip _ -> 0;
      case Tunnel.Gue gue -> flags(gue.checksum());
      case Tunnel.Gre gre -> flags(gre.checksum());
    };
  }

  private static int flags(Tunnel.Checksum checksum) {
    return switch (checksum) {
      case NONE -> 0;
      case PRESENT -> CHECKSUM;
      case REMOTE -> REMOTE_CHECKSUM;
    };
  }

  /**
   * Reads a real server of a service.
   *
   * @param service of which it is: older kernels say the family of real servers by this alone
   */
  static Decoding<IpvsDestinationStatus> decode(ServiceKey service, IpvsMessage message) {
    if (message.destination().isEmpty()) {
      return new Malformed<>("answer " + message.command() + ": no real server (expected: one)");
    }
    var attributes = message.destination().get();
    int number = attributes.family().orElse(0);
    AddressFamily family =
        switch (number) {
          case SocketConstants.AF_INET -> AddressFamily.IPV4;
          case SocketConstants.AF_INET6 -> AddressFamily.IPV6;
          default -> service.family();
        };
    var address = attributes.address().flatMap(bytes -> WireServices.address(bytes, family));
    if (address.isEmpty() || attributes.port().isEmpty() || attributes.weight().isEmpty()) {
      return new Malformed<>(
          "real server of "
              + service
              + ": "
              + attributes
              + " (expected: an address, a port and a weight)");
    }
    var key = new DestinationKey(address.get(), attributes.port().getAsInt());
    return forwarding(key, attributes)
        .then(forwarding ->
            new Decoded<>(
                new IpvsDestinationStatus(
                    new IpvsDestination(
                        key,
                        forwarding,
                        (int) attributes.weight().getAsLong(),
                        attributes.upperThreshold().orElse(0),
                        attributes.lowerThreshold().orElse(0)),
                    attributes.activeConnections().orElse(0),
                    attributes.inactiveConnections().orElse(0),
                    attributes.persistentConnections().orElse(0),
                    WireServices.statistics(
                        attributes.statistics64().or(attributes::statistics)))));
  }

  private static Decoding<IpvsForwarding> forwarding(
      DestinationKey key, DestinationAttributes attributes) {
    long method = attributes.forwarding().orElse(-1);
    return switch ((int) method) {
      case MASQ -> new Decoded<>(new IpvsForwarding.Masquerade());
      case LOCALNODE -> new Decoded<>(new IpvsForwarding.LocalNode());
      case TUNNEL ->
          tunnel(key, attributes)
              .then(tunnel -> new Decoded<>(new IpvsForwarding.Tunnelling(tunnel)));
      case DROUTE -> new Decoded<>(new IpvsForwarding.DirectRouting());
      case BYPASS -> new Decoded<>(new IpvsForwarding.Bypass());
      default ->
          new Malformed<>(
              "forwarding method of real server " + key + ": " + method + " (expected: 0-4)");
    };
  }

  private static Decoding<Tunnel> tunnel(DestinationKey key, DestinationAttributes attributes) {
    int type = attributes.tunnelType().orElse(IPIP);
    int flags = attributes.tunnelFlags().orElse(0);
    var checksum =
        (flags & REMOTE_CHECKSUM) != 0
            ? Tunnel.Checksum.REMOTE
            : (flags & CHECKSUM) != 0 ? Tunnel.Checksum.PRESENT : Tunnel.Checksum.NONE;
    return switch (type) {
      case IPIP -> new Decoded<>(Tunnel.ipip());
      case GUE -> new Decoded<>(Tunnel.gue(attributes.tunnelPort().orElse(0), checksum));
      case GRE -> new Decoded<>(Tunnel.gre(checksum));
      default ->
          new Malformed<>("tunnel of real server " + key + ": type " + type + " (expected: 0-2)");
    };
  }
}
