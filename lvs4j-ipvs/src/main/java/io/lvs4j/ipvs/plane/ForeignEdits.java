package io.lvs4j.ipvs.plane;

/** What becomes of changes that others make to this director's services in the kernel's table. */
public enum ForeignEdits {
  /** They are put right at the next look. */
  RESTORE,
  /** They are left alone until the director itself has to change the same thing. */
  KEEP
}
