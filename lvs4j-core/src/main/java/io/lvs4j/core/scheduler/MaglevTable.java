package io.lvs4j.core.scheduler;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.Arrays;

/**
 * The lookup table of Maglev hashing: each server has its own permutation of the entries and takes
 * the next free ones in turn, as many a turn as its weight says, until none is free.
 *
 * <p>With more servers than entries, those late in the pool have none.
 */
final class MaglevTable {
  /** The number of entries, a prime: CONFIG_IP_VS_MH_TAB_INDEX 12, the kernel's default. */
  static final int SIZE = 4093;

  /** How many bits of a weight count: half of the index (kernel: IP_VS_MH_TAB_BITS). */
  private static final int WEIGHT_BITS = 6;

  private static final long OFFSET_KEY = 2_654_435_761L;
  private static final long SKIP_KEY = 2_654_446_892L;

  private final int[] positions = new int[SIZE];

  MaglevTable() {
    Arrays.fill(positions, Scheduler.NONE);
  }

  /** Returns the entry of a key, 0 to {@link #SIZE} exclusive. */
  static int entry(int key) {
    return remainder(SipHash.hash(key, OFFSET_KEY), SIZE);
  }

  /** Returns the position that has an entry, or {@link Scheduler#NONE} in an empty table. */
  int position(int entry) {
    return positions[entry];
  }

  /**
   * Fills the table.
   *
   * @param weights the weights to fill by, indexed by the servers' ids; 0 takes no entry
   */
  void fill(ServerPool servers, int[] weights) {
    Arrays.fill(positions, Scheduler.NONE);
    int size = servers.size();
    int divisor = 0;
    int greatest = 0;
    for (int position = 0; position < size; position++) {
      int weight = weights[servers.id(position)];
      divisor = Weights.greatestCommonDivisor(weight, divisor);
      greatest = Math.max(greatest, weight);
    }
    if (greatest == 0) {
      return;
    }
    int significant = Integer.SIZE - Integer.numberOfLeadingZeros(greatest / divisor);
    int shift = Math.max(0, significant - WEIGHT_BITS);
    var next = new int[size];
    var skip = new int[size];
    var turns = new int[size];
    for (int position = 0; position < size; position++) {
      Endpoint endpoint = servers.endpoint(position);
      int key = Flow.bits(endpoint.address()) + endpoint.port();
      next[position] = entry(key);
      skip[position] = remainder(SipHash.hash(key, SKIP_KEY), SIZE - 1) + 1;
      int weight = weights[servers.id(position)];
      turns[position] = weight == 0 ? 0 : Math.max(1, (weight / divisor) >> shift);
    }
    for (int filled = 0; filled < SIZE; ) {
      for (int position = 0; position < size && filled < SIZE; position++) {
        for (int turn = 0; turn < turns[position] && filled < SIZE; turn++) {
          int entry = next[position];
          while (positions[entry] != Scheduler.NONE) {
            entry += skip[position];
            entry -= entry >= SIZE ? SIZE : 0;
          }
          positions[entry] = position;
          next[position] = entry;
          filled++;
        }
      }
    }
  }

  private static int remainder(int unsigned, int divisor) {
    return (int) (Integer.toUnsignedLong(unsigned) % divisor);
  }
}
