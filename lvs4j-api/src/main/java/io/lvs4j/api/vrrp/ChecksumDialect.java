package io.lvs4j.api.vrrp;

/**
 * What the checksum of a VRRPv3 advert over IPv4 covers, on which implementations differ. Both are
 * understood; this says which one is sent.
 */
public enum ChecksumDialect {
  /** The message and an IPv4 pseudo header: keepalived's and FRR's default. */
  KEEPALIVED,
  /** The message alone: RFC 9568 section 5.2.8, Cisco, Juniper, {@code v3_checksum_as_v2}. */
  RFC_9568
}
