package io.lvs4j.ipvs.client;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Rates;
import io.lvs4j.api.Traffic;
import io.lvs4j.ipvs.wire.AddressBytes;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.ipvs.wire.ServiceAttributes;
import io.lvs4j.ipvs.wire.StatisticsAttributes;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Services as messages have them. */
final class WireServices {
  private static final int IP_VS_SVC_F_PERSISTENT = 0x1;
  // Set by the kernel in what it answers: IP_VS_SVC_F_HASHED, 0x2. It means nothing to us.
  private static final int IP_VS_SVC_F_ONEPACKET = 0x4;
  private static final int ALL_FLAGS = -1;

  /** No mark that anybody would set. */
  static final ServiceKey REFUSABLE = ServiceKey.firewallMark(0xffff_ffffL, AddressFamily.IPV6);

  private WireServices() {}

  /** Returns the attributes of a service that is refused once its algorithms were found. */
  static ServiceAttributes refusable(String scheduler, Optional<String> engine) {
    return attributes(
        REFUSABLE,
        Optional.of(scheduler),
        Optional.of(new ServiceAttributes.Flags(0, ALL_FLAGS)),
        OptionalLong.of(0),
        OptionalLong.of(0),
        engine);
  }

  static int family(AddressFamily family) {
    return family == AddressFamily.IPV6 ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
  }

  /** Returns the attributes that say which service is meant. */
  static ServiceAttributes identify(ServiceKey key) {
    return attributes(
        key,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  /** Returns the attributes that make a service. */
  static ServiceAttributes describe(IpvsService service) {
    var granularity =
        service
            .persistence()
            .map(ServicePersistence::granularity)
            .orElseGet(() -> Granularity.single(service.key().family()));
    return attributes(
        service.key(),
        Optional.of(service.scheduler().name()),
        Optional.of(new ServiceAttributes.Flags(flags(service), ALL_FLAGS)),
        OptionalLong.of(
            service.persistence().map(persistence -> persistence.timeout().toSeconds()).orElse(0L)),
        OptionalLong.of(netmask(granularity)),
        service.persistenceEngine());
  }

  private static ServiceAttributes attributes(
      ServiceKey key,
      Optional<String> scheduler,
      Optional<ServiceAttributes.Flags> flags,
      OptionalLong timeout,
      OptionalLong netmask,
      Optional<String> engine) {
    var family = OptionalInt.of(family(key.family()));
    return switch (key) {
      case ServiceKey.AddressKey(var protocol, var address, var port) ->
          new ServiceAttributes(
              family,
              OptionalInt.of(protocol),
              Optional.of(AddressBytes.of(address)),
              OptionalInt.of(port),
              OptionalLong.empty(),
              scheduler,
              flags,
              timeout,
              netmask,
              engine,
              Optional.empty(),
              Optional.empty());
      case ServiceKey.FirewallMarkKey(var mark, var _) ->
          new ServiceAttributes(
              family,
              OptionalInt.empty(),
              Optional.empty(),
              OptionalInt.empty(),
              OptionalLong.of(mark),
              scheduler,
              flags,
              timeout,
              netmask,
              engine,
              Optional.empty(),
              Optional.empty());
    };
  }

  private static int flags(IpvsService service) {
    int flags = service.persistence().isPresent() ? IP_VS_SVC_F_PERSISTENT : 0;
    flags |= service.onePacket() ? IP_VS_SVC_F_ONEPACKET : 0;
    for (var flag : service.scheduler().flags()) {
      flags |= flag.bit();
    }
    return flags;
  }

  /** The kernel has an IPv4 mask as it is in a packet, and an IPv6 prefix as a plain number. */
  private static long netmask(Granularity granularity) {
    return Integer.toUnsignedLong(
        granularity.family() == AddressFamily.IPV4
            ? networkOrder(granularity.value())
            : granularity.value());
  }

  private static int networkOrder(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
  }

  static Decoding<IpvsServiceStatus> decode(IpvsMessage message) {
    if (message.service().isEmpty()) {
      return new Malformed<>("answer " + message.command() + ": no service (expected: one)");
    }
    var attributes = message.service().get();
    return key(attributes).then(key -> decode(key, attributes));
  }

  private static Decoding<ServiceKey> key(ServiceAttributes attributes) {
    int number = attributes.family().orElse(-1);
    if (number != SocketConstants.AF_INET && number != SocketConstants.AF_INET6) {
      return new Malformed<>("address family of a service: " + number + " (expected: 2 or 10)");
    }
    var family = number == SocketConstants.AF_INET6 ? AddressFamily.IPV6 : AddressFamily.IPV4;
    var mark = attributes.firewallMark();
    if (mark.isPresent() && mark.getAsLong() != 0) {
      return new Decoded<>(ServiceKey.firewallMark(mark.getAsLong(), family));
    }
    var address = attributes.address().flatMap(bytes -> address(bytes, family));
    if (address.isEmpty() || attributes.protocol().isEmpty() || attributes.port().isEmpty()) {
      return new Malformed<>(
          "service: " + attributes + " (expected: a firewall mark, or protocol, address and port)");
    }
    return new Decoded<>(
        new ServiceKey.AddressKey(
            attributes.protocol().getAsInt(), address.get(), attributes.port().getAsInt()));
  }

  static Optional<InetAddress> address(AddressBytes bytes, AddressFamily family) {
    return family == AddressFamily.IPV6 ? bytes.ipv6() : bytes.ipv4();
  }

  private static Decoding<IpvsServiceStatus> decode(ServiceKey key, ServiceAttributes attributes) {
    String name = attributes.scheduler().orElse("");
    if (!Texts.fits(name) || attributes.flags().isEmpty()) {
      return new Malformed<>(
          "service " + key + ": scheduler '" + name + "' (expected: one of 1-15 bytes, and flags)");
    }
    int flags = attributes.flags().get().value();
    var persistence = Optional.<ServicePersistence>empty();
    if ((flags & IP_VS_SVC_F_PERSISTENT) != 0) {
      var granularity = granularity(key.family(), attributes.netmask());
      if (granularity.isEmpty() || attributes.timeout().isEmpty()) {
        return new Malformed<>(
            "service "
                + key
                + ": persistence "
                + attributes.timeout()
                + " "
                + attributes.netmask()
                + " (expected: a timeout and a netmask)");
      }
      persistence =
          Optional.of(
              new ServicePersistence(
                  Duration.ofSeconds(attributes.timeout().getAsLong()), granularity.get()));
    }
    var service =
        new IpvsService(
            key,
            new IpvsScheduler(name, schedulerFlags(flags)),
            (flags & IP_VS_SVC_F_ONEPACKET) != 0,
            persistence,
            attributes.persistenceEngine().filter(Texts::fits));
    return new Decoded<>(
        new IpvsServiceStatus(
            service, statistics(attributes.statistics64().or(attributes::statistics))));
  }

  private static Optional<Granularity> granularity(AddressFamily family, OptionalLong netmask) {
    if (netmask.isEmpty()) {
      return Optional.empty();
    }
    int value = (int) netmask.getAsLong();
    if (family == AddressFamily.IPV4) {
      return Optional.of(new Granularity(family, networkOrder(value)));
    }
    return value < 1 || value > family.bits()
        ? Optional.empty()
        : Optional.of(new Granularity(family, value));
  }

  private static Set<SchedulerFlag> schedulerFlags(int flags) {
    var set = EnumSet.noneOf(SchedulerFlag.class);
    for (var flag : SchedulerFlag.values()) {
      if ((flags & flag.bit()) != 0) {
        set.add(flag);
      }
    }
    return set;
  }

  static IpvsStatistics statistics(Optional<StatisticsAttributes> attributes) {
    return attributes
        .map(counted ->
            new IpvsStatistics(
                new Traffic(
                    counted.connections(),
                    counted.inPackets(),
                    counted.outPackets(),
                    counted.inBytes(),
                    counted.outBytes()),
                new Rates(
                    counted.connectionRate(),
                    counted.inPacketRate(),
                    counted.outPacketRate(),
                    counted.inByteRate(),
                    counted.outByteRate())))
        .orElse(IpvsStatistics.NONE);
  }
}
