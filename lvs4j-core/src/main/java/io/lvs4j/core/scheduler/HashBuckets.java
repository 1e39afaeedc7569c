package io.lvs4j.core.scheduler;

/** The 256 buckets of dh and sh, and the hash that finds one (kernel: hash_32 in hash.h). */
final class HashBuckets {
  static final int COUNT = 256;

  private static final int GOLDEN_RATIO_32 = 0x61C88647;

  private HashBuckets() {}

  /** Returns the bucket of a value, 0 to 255. */
  static int bucket(int value) {
    return (value * GOLDEN_RATIO_32) >>> 24;
  }
}
