package io.lvs4j.core.balance;

/**
 * How the kernel weighs a server's connections, which it has done in two ways (commit "ipvs: add
 * totalconns for dest"). They differ only where about 256 inactive connections stand against one
 * active one, and in what a change of a connection threshold does to a server.
 */
public enum Overhead {
  /**
   * Linux up to 6.1.186: {@code active * 256 + inactive}. A changed threshold can end an overload
   * at once, when it is higher than before or 0; all else waits for the next connection.
   */
  CLASSIC {
    @Override
    long of(int active, int inactive) {
      return active * 256L + inactive;
    }

    @Override
    boolean afterChange(
        boolean overloaded, long connections, Thresholds former, Thresholds changed) {
      return overloaded && changed.upper() != 0 && changed.upper() <= former.upper();
    }
  },

  /**
   * Linux from 6.1.187 and 6.12 of late 2026: {@code active * 256 + (active + inactive)}. A changed
   * threshold is applied at once.
   */
  TOTAL {
    @Override
    long of(int active, int inactive) {
      return active * 257L + inactive;
    }

    @Override
    boolean afterChange(
        boolean overloaded, long connections, Thresholds former, Thresholds changed) {
      return changed.equals(former)
          ? overloaded
          : changed.afterBegin(changed.afterEnd(overloaded, connections), connections);
    }
  };

  /** Returns the load that least-connection schedulers compare. */
  abstract long of(int active, int inactive);

  /** Says whether a destination is overloaded after its thresholds were set. */
  abstract boolean afterChange(
      boolean overloaded, long connections, Thresholds former, Thresholds changed);
}
