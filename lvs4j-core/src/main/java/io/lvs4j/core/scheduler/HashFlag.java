package io.lvs4j.core.scheduler;

import java.util.Locale;

/** What source hashing and Maglev hashing can be told, with {@code ipvsadm -b}. */
public enum HashFlag {
  /**
   * A client whose server is quiesced or overloaded goes to another one, always to the same: {@code
   * sh-fallback}, {@code mh-fallback}. Without it the client is refused.
   */
  FALLBACK,
  /** The client's port is hashed with its address: {@code sh-port}, {@code mh-port}. */
  PORT;

  /** Returns the flag as ipvsadm names it for an algorithm. */
  String of(String algorithm) {
    return algorithm + "-" + name().toLowerCase(Locale.ROOT);
  }
}
