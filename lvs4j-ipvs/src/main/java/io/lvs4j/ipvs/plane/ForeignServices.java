package io.lvs4j.ipvs.plane;

/** What becomes of services in the kernel's table that aren't this director's. */
public enum ForeignServices {
  /** They are left as they are. */
  LEAVE,
  /** They are removed, as keepalived does with {@code lvs_flush}, and whenever one appears. */
  REMOVE
}
