package io.lvs4j.core.scheduler;

/**
 * SipHash-1-3 of one 32-bit word under a key whose two halves are equal, folded to 32 bits: the
 * kernel's hsiphash as a 64-bit machine computes it (kernel: lib/siphash.c).
 */
final class SipHash {
  private static final long LENGTH = 4L << 56;

  private SipHash() {}

  static int hash(int word, long key) {
    long v0 = 0x736f6d6570736575L ^ key;
    long v1 = 0x646f72616e646f6dL ^ key;
    long v2 = 0x6c7967656e657261L ^ key;
    long v3 = 0x7465646279746573L ^ key;
    long message = LENGTH | Integer.toUnsignedLong(word);
    v3 ^= message;
    // One round for the message, three to finish: the loop is unrolled by the compiler.
    for (int round = 0; round < 4; round++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      if (round == 0) {
        v0 ^= message;
        v2 ^= 0xff;
      }
    }
    return (int) (v0 ^ v1 ^ v2 ^ v3);
  }
}
