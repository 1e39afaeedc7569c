package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.Attributes;

/**
 * What has passed, {@code IPVS_STATS_ATTR_*}. There are two forms of it: numbers of 32 bits, bytes
 * apart, and since Linux 4.1 numbers of 64 bits. Those that are absent are 0.
 *
 * @param connections how many
 * @param inPackets from clients
 * @param outPackets to clients
 * @param inBytes from clients
 * @param outBytes to clients
 * @param connectionRate a second
 * @param inPacketRate a second
 * @param outPacketRate a second
 * @param inByteRate a second
 * @param outByteRate a second
 */
public record StatisticsAttributes(
    long connections,
    long inPackets,
    long outPackets,
    long inBytes,
    long outBytes,
    long connectionRate,
    long inPacketRate,
    long outPacketRate,
    long inByteRate,
    long outByteRate) {
  static final int IPVS_STATS_ATTR_CONNS = 1;
  static final int IPVS_STATS_ATTR_INPKTS = 2;
  static final int IPVS_STATS_ATTR_OUTPKTS = 3;
  static final int IPVS_STATS_ATTR_INBYTES = 4;
  static final int IPVS_STATS_ATTR_OUTBYTES = 5;
  static final int IPVS_STATS_ATTR_CPS = 6;
  static final int IPVS_STATS_ATTR_INPPS = 7;
  static final int IPVS_STATS_ATTR_OUTPPS = 8;
  static final int IPVS_STATS_ATTR_INBPS = 9;
  static final int IPVS_STATS_ATTR_OUTBPS = 10;

  static StatisticsAttributes decode32(Attributes attributes) {
    return new StatisticsAttributes(
        attributes.number32(IPVS_STATS_ATTR_CONNS).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_INPKTS).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_OUTPKTS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_INBYTES).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_OUTBYTES).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_CPS).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_INPPS).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_OUTPPS).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_INBPS).orElse(0),
        attributes.number32(IPVS_STATS_ATTR_OUTBPS).orElse(0));
  }

  static StatisticsAttributes decode64(Attributes attributes) {
    return new StatisticsAttributes(
        attributes.number64(IPVS_STATS_ATTR_CONNS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_INPKTS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_OUTPKTS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_INBYTES).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_OUTBYTES).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_CPS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_INPPS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_OUTPPS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_INBPS).orElse(0),
        attributes.number64(IPVS_STATS_ATTR_OUTBPS).orElse(0));
  }

  Attributes encode32() {
    return Attributes.none()
        .with(IPVS_STATS_ATTR_CONNS, (int) connections)
        .with(IPVS_STATS_ATTR_INPKTS, (int) inPackets)
        .with(IPVS_STATS_ATTR_OUTPKTS, (int) outPackets)
        .with64(IPVS_STATS_ATTR_INBYTES, inBytes)
        .with64(IPVS_STATS_ATTR_OUTBYTES, outBytes)
        .with(IPVS_STATS_ATTR_CPS, (int) connectionRate)
        .with(IPVS_STATS_ATTR_INPPS, (int) inPacketRate)
        .with(IPVS_STATS_ATTR_OUTPPS, (int) outPacketRate)
        .with(IPVS_STATS_ATTR_INBPS, (int) inByteRate)
        .with(IPVS_STATS_ATTR_OUTBPS, (int) outByteRate);
  }

  Attributes encode64() {
    return Attributes.none()
        .with64(IPVS_STATS_ATTR_CONNS, connections)
        .with64(IPVS_STATS_ATTR_INPKTS, inPackets)
        .with64(IPVS_STATS_ATTR_OUTPKTS, outPackets)
        .with64(IPVS_STATS_ATTR_INBYTES, inBytes)
        .with64(IPVS_STATS_ATTR_OUTBYTES, outBytes)
        .with64(IPVS_STATS_ATTR_CPS, connectionRate)
        .with64(IPVS_STATS_ATTR_INPPS, inPacketRate)
        .with64(IPVS_STATS_ATTR_OUTPPS, outPacketRate)
        .with64(IPVS_STATS_ATTR_INBPS, inByteRate)
        .with64(IPVS_STATS_ATTR_OUTBPS, outByteRate);
  }
}
