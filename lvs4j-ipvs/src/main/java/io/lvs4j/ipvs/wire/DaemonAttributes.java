package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.Attributes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A sync daemon in a message, {@code IPVS_DAEMON_ATTR_*}. Every attribute may be absent.
 *
 * @param state 1 master, 2 backup
 * @param networkInterface the name of where it sends or listens
 * @param syncId its number
 * @param maximumLength of messages, in bytes
 * @param group an IPv4 multicast group
 * @param group6 an IPv6 multicast group
 * @param port of the group; in host byte order, unlike all other ports
 * @param timeToLive of messages
 */
public record DaemonAttributes(
    OptionalLong state,
    Optional<String> networkInterface,
    OptionalLong syncId,
    OptionalInt maximumLength,
    Optional<AddressBytes> group,
    Optional<AddressBytes> group6,
    OptionalInt port,
    OptionalInt timeToLive) {
  static final int IPVS_DAEMON_ATTR_STATE = 1;
  static final int IPVS_DAEMON_ATTR_MCAST_IFN = 2;
  static final int IPVS_DAEMON_ATTR_SYNC_ID = 3;
  static final int IPVS_DAEMON_ATTR_SYNC_MAXLEN = 4;
  static final int IPVS_DAEMON_ATTR_MCAST_GROUP = 5;
  static final int IPVS_DAEMON_ATTR_MCAST_GROUP6 = 6;
  static final int IPVS_DAEMON_ATTR_MCAST_PORT = 7;
  static final int IPVS_DAEMON_ATTR_MCAST_TTL = 8;

  static DaemonAttributes decode(Attributes attributes) {
    return new DaemonAttributes(
        attributes.number32(IPVS_DAEMON_ATTR_STATE),
        attributes.text(IPVS_DAEMON_ATTR_MCAST_IFN),
        attributes.number32(IPVS_DAEMON_ATTR_SYNC_ID),
        attributes.number16(IPVS_DAEMON_ATTR_SYNC_MAXLEN),
        attributes.bytes(IPVS_DAEMON_ATTR_MCAST_GROUP).map(AddressBytes::of),
        attributes.bytes(IPVS_DAEMON_ATTR_MCAST_GROUP6).map(AddressBytes::of),
        attributes.number16(IPVS_DAEMON_ATTR_MCAST_PORT),
        attributes.number8(IPVS_DAEMON_ATTR_MCAST_TTL));
  }

  Attributes encode() {
    return new AttributeWriter()
        .number32(IPVS_DAEMON_ATTR_STATE, state)
        .text(IPVS_DAEMON_ATTR_MCAST_IFN, networkInterface)
        .number32(IPVS_DAEMON_ATTR_SYNC_ID, syncId)
        .number16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, maximumLength)
        .address(IPVS_DAEMON_ATTR_MCAST_GROUP, group)
        .address(IPVS_DAEMON_ATTR_MCAST_GROUP6, group6)
        .number16(IPVS_DAEMON_ATTR_MCAST_PORT, port)
        .number8(IPVS_DAEMON_ATTR_MCAST_TTL, timeToLive)
        .written();
  }
}
