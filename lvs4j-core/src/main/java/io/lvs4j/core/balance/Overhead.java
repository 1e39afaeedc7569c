package io.lvs4j.core.balance;

/**
 * How the kernel weighs a server's connections, which it has done in two ways (commit "ipvs: add
 * totalconns for dest"). They differ only where about 256 inactive connections stand against one
 * active one, and in when a connection threshold sets and clears.
 */
public enum Overhead {
  /** Linux up to 6.1.186: {@code active * 256 + inactive}. */
  CLASSIC,
  /** Linux from 6.1.187 and 6.12 of late 2026: {@code active * 256 + (active + inactive)}. */
  TOTAL
}
