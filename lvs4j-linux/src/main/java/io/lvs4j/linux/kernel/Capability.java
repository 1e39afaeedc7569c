package io.lvs4j.linux.kernel;

/** A privilege of a thread that lvs4j may need, {@code capabilities(7)}. */
public enum Capability {
  /** To listen on ports below 1024. */
  NET_BIND_SERVICE(10),
  /** To change addresses and links. */
  NET_ADMIN(12),
  /** To open raw and packet sockets. */
  NET_RAW(13),
  /** To enter another network namespace. */
  SYS_ADMIN(21),
  /** For threads to run before those of others. */
  SYS_NICE(23),
  /** To load programs into the kernel. */
  BPF(39);

  private final int bit;

  Capability(int bit) {
    this.bit = bit;
  }

  boolean isIn(long mask) {
    return ((mask >>> bit) & 1) != 0;
  }

  /** Returns {@code CAP_NET_ADMIN}. */
  @Override
  public String toString() {
    return "CAP_" + name();
  }
}
