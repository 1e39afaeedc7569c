package io.lvs4j.ipvs.plane;

/**
 * What becomes of services in the kernel's table that aren't this director's. Among them are those
 * that an earlier life has left when it was killed and that are no longer configured: the kernel
 * can't say whose a service is.
 */
public enum ForeignServices {
  /** They are left as they are, as keepalived leaves them, and named in the log once. */
  LEAVE,
  /**
   * They are removed at the start, as keepalived does with {@code lvs_flush}, and whenever one
   * appears: where nobody else has any.
   */
  REMOVE
}
