package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A service in a message, {@code IPVS_SVC_ATTR_*}. Every attribute may be absent: a request that
 * means a service has those that identify it, one that makes a service has all but the statistics.
 *
 * @param family AF_INET (2) or AF_INET6 (10)
 * @param protocol IPPROTO_TCP (6) and so on
 * @param address the virtual address
 * @param port the virtual port
 * @param firewallMark in place of protocol, address and port
 * @param scheduler its name
 * @param flags its flags
 * @param timeout of persistence, in seconds
 * @param netmask of persistence: an IPv4 mask in network byte order, or the length of an IPv6
 *     prefix
 * @param persistenceEngine its name
 * @param statistics in 32 bits
 * @param statistics64 in 64 bits
 */
public record ServiceAttributes(
    OptionalInt family,
    OptionalInt protocol,
    Optional<AddressBytes> address,
    OptionalInt port,
    OptionalLong firewallMark,
    Optional<String> scheduler,
    Optional<Flags> flags,
    OptionalLong timeout,
    OptionalLong netmask,
    Optional<String> persistenceEngine,
    Optional<StatisticsAttributes> statistics,
    Optional<StatisticsAttributes> statistics64) {
  static final int IPVS_SVC_ATTR_AF = 1;
  static final int IPVS_SVC_ATTR_PROTOCOL = 2;
  static final int IPVS_SVC_ATTR_ADDR = 3;
  static final int IPVS_SVC_ATTR_PORT = 4;
  static final int IPVS_SVC_ATTR_FWMARK = 5;
  static final int IPVS_SVC_ATTR_SCHED_NAME = 6;
  static final int IPVS_SVC_ATTR_FLAGS = 7;
  static final int IPVS_SVC_ATTR_TIMEOUT = 8;
  static final int IPVS_SVC_ATTR_NETMASK = 9;
  static final int IPVS_SVC_ATTR_STATS = 10;
  static final int IPVS_SVC_ATTR_PE_NAME = 11;
  static final int IPVS_SVC_ATTR_STATS64 = 12;

  /** No attributes. */
  public static final ServiceAttributes NONE =
      new ServiceAttributes(
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Flags of a service, {@code struct ip_vs_flags}.
   *
   * @param value the flags
   * @param mask which of them are meant
   */
  public record Flags(int value, int mask) {
    private static final int LENGTH = 8;

    private byte[] encode() {
      return ByteBuffer.allocate(LENGTH)
          .order(ByteOrder.nativeOrder())
          .putInt(value)
          .putInt(mask)
          .array();
    }

    private static Optional<Flags> decode(byte[] bytes) {
      var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      return bytes.length == LENGTH
          ? Optional.of(new Flags(buffer.getInt(), buffer.getInt()))
          : Optional.empty();
    }
  }

  static Decoding<ServiceAttributes> decode(Attributes attributes) {
    return attributes
        .nested(IPVS_SVC_ATTR_STATS)
        .then(statistics ->
            attributes
                .nested(IPVS_SVC_ATTR_STATS64)
                .then(statistics64 -> new Decoded<>(decode(attributes, statistics, statistics64))));
  }

  private static ServiceAttributes decode(
      Attributes attributes, Optional<Attributes> statistics, Optional<Attributes> statistics64) {
    return new ServiceAttributes(
        attributes.number16(IPVS_SVC_ATTR_AF),
        attributes.number16(IPVS_SVC_ATTR_PROTOCOL),
        attributes.bytes(IPVS_SVC_ATTR_ADDR).map(AddressBytes::of),
        attributes.bigEndian16(IPVS_SVC_ATTR_PORT),
        attributes.number32(IPVS_SVC_ATTR_FWMARK),
        attributes.text(IPVS_SVC_ATTR_SCHED_NAME),
        attributes.bytes(IPVS_SVC_ATTR_FLAGS).flatMap(Flags::decode),
        attributes.number32(IPVS_SVC_ATTR_TIMEOUT),
        attributes.number32(IPVS_SVC_ATTR_NETMASK),
        attributes.text(IPVS_SVC_ATTR_PE_NAME),
        statistics.map(StatisticsAttributes::decode32),
        statistics64.map(StatisticsAttributes::decode64));
  }

  Attributes encode() {
    return new AttributeWriter()
        .number16(IPVS_SVC_ATTR_AF, family)
        .number16(IPVS_SVC_ATTR_PROTOCOL, protocol)
        .address(IPVS_SVC_ATTR_ADDR, address)
        .bigEndian16(IPVS_SVC_ATTR_PORT, port)
        .number32(IPVS_SVC_ATTR_FWMARK, firewallMark)
        .text(IPVS_SVC_ATTR_SCHED_NAME, scheduler)
        .bytes(IPVS_SVC_ATTR_FLAGS, flags.map(Flags::encode))
        .number32(IPVS_SVC_ATTR_TIMEOUT, timeout)
        .number32(IPVS_SVC_ATTR_NETMASK, netmask)
        .text(IPVS_SVC_ATTR_PE_NAME, persistenceEngine)
        .nested(IPVS_SVC_ATTR_STATS, statistics.map(StatisticsAttributes::encode32))
        .nested(IPVS_SVC_ATTR_STATS64, statistics64.map(StatisticsAttributes::encode64))
        .written();
  }
}
