package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A real server in a message, {@code IPVS_DEST_ATTR_*}. Every attribute may be absent.
 *
 * @param address its address
 * @param port its port
 * @param family AF_INET (2) or AF_INET6 (10); absent, it is that of the service
 * @param forwarding 0 masquerade, 1 local, 2 tunnel, 3 direct routing, 4 bypass
 * @param weight its weight, a signed number for the kernel
 * @param upperThreshold of connections
 * @param lowerThreshold of connections
 * @param tunnelType 0 ipip, 1 gue, 2 gre
 * @param tunnelPort where gue goes
 * @param tunnelFlags 0 no checksum, 1 checksum, 2 remote checksum
 * @param activeConnections how many
 * @param inactiveConnections how many
 * @param persistentConnections how many
 * @param statistics in 32 bits
 * @param statistics64 in 64 bits
 */
public record DestinationAttributes(
    Optional<AddressBytes> address,
    OptionalInt port,
    OptionalInt family,
    OptionalLong forwarding,
    OptionalLong weight,
    OptionalLong upperThreshold,
    OptionalLong lowerThreshold,
    OptionalInt tunnelType,
    OptionalInt tunnelPort,
    OptionalInt tunnelFlags,
    OptionalLong activeConnections,
    OptionalLong inactiveConnections,
    OptionalLong persistentConnections,
    Optional<StatisticsAttributes> statistics,
    Optional<StatisticsAttributes> statistics64) {
  static final int IPVS_DEST_ATTR_ADDR = 1;
  static final int IPVS_DEST_ATTR_PORT = 2;
  static final int IPVS_DEST_ATTR_FWD_METHOD = 3;
  static final int IPVS_DEST_ATTR_WEIGHT = 4;
  static final int IPVS_DEST_ATTR_U_THRESH = 5;
  static final int IPVS_DEST_ATTR_L_THRESH = 6;
  static final int IPVS_DEST_ATTR_ACTIVE_CONNS = 7;
  static final int IPVS_DEST_ATTR_INACT_CONNS = 8;
  static final int IPVS_DEST_ATTR_PERSIST_CONNS = 9;
  static final int IPVS_DEST_ATTR_STATS = 10;
  static final int IPVS_DEST_ATTR_ADDR_FAMILY = 11;
  static final int IPVS_DEST_ATTR_STATS64 = 12;
  static final int IPVS_DEST_ATTR_TUN_TYPE = 13;
  static final int IPVS_DEST_ATTR_TUN_PORT = 14;
  static final int IPVS_DEST_ATTR_TUN_FLAGS = 15;

  static Decoding<DestinationAttributes> decode(Attributes attributes) {
    return attributes
        .nested(IPVS_DEST_ATTR_STATS)
        .then(statistics ->
            attributes
                .nested(IPVS_DEST_ATTR_STATS64)
                .then(statistics64 -> new Decoded<>(decode(attributes, statistics, statistics64))));
  }

  private static DestinationAttributes decode(
      Attributes attributes, Optional<Attributes> statistics, Optional<Attributes> statistics64) {
    return new DestinationAttributes(
        attributes.bytes(IPVS_DEST_ATTR_ADDR).map(AddressBytes::of),
        attributes.bigEndian16(IPVS_DEST_ATTR_PORT),
        attributes.number16(IPVS_DEST_ATTR_ADDR_FAMILY),
        attributes.number32(IPVS_DEST_ATTR_FWD_METHOD),
        attributes.number32(IPVS_DEST_ATTR_WEIGHT),
        attributes.number32(IPVS_DEST_ATTR_U_THRESH),
        attributes.number32(IPVS_DEST_ATTR_L_THRESH),
        attributes.number8(IPVS_DEST_ATTR_TUN_TYPE),
        attributes.bigEndian16(IPVS_DEST_ATTR_TUN_PORT),
        attributes.number16(IPVS_DEST_ATTR_TUN_FLAGS),
        attributes.number32(IPVS_DEST_ATTR_ACTIVE_CONNS),
        attributes.number32(IPVS_DEST_ATTR_INACT_CONNS),
        attributes.number32(IPVS_DEST_ATTR_PERSIST_CONNS),
        statistics.map(StatisticsAttributes::decode32),
        statistics64.map(StatisticsAttributes::decode64));
  }

  Attributes encode() {
    return new AttributeWriter()
        .address(IPVS_DEST_ATTR_ADDR, address)
        .bigEndian16(IPVS_DEST_ATTR_PORT, port)
        .number16(IPVS_DEST_ATTR_ADDR_FAMILY, family)
        .number32(IPVS_DEST_ATTR_FWD_METHOD, forwarding)
        .number32(IPVS_DEST_ATTR_WEIGHT, weight)
        .number32(IPVS_DEST_ATTR_U_THRESH, upperThreshold)
        .number32(IPVS_DEST_ATTR_L_THRESH, lowerThreshold)
        .number8(IPVS_DEST_ATTR_TUN_TYPE, tunnelType)
        .bigEndian16(IPVS_DEST_ATTR_TUN_PORT, tunnelPort)
        .number16(IPVS_DEST_ATTR_TUN_FLAGS, tunnelFlags)
        .number32(IPVS_DEST_ATTR_ACTIVE_CONNS, activeConnections)
        .number32(IPVS_DEST_ATTR_INACT_CONNS, inactiveConnections)
        .number32(IPVS_DEST_ATTR_PERSIST_CONNS, persistentConnections)
        .nested(IPVS_DEST_ATTR_STATS, statistics.map(StatisticsAttributes::encode32))
        .nested(IPVS_DEST_ATTR_STATS64, statistics64.map(StatisticsAttributes::encode64))
        .written();
  }
}
