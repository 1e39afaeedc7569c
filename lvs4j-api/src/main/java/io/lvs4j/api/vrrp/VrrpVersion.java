package io.lvs4j.api.vrrp;

/** The versions of the protocol. All routers of a virtual router have to speak the same one. */
public enum VrrpVersion {
  /** RFC 3768: IPv4 only, intervals of whole seconds, passwords. */
  V2(2),
  /** RFC 5798 and 9568: IPv4 and IPv6, intervals of hundredths of a second. */
  V3(3);

  private final int number;

  VrrpVersion(int number) {
    this.number = number;
  }

  /** Returns 2 or 3. */
  public int number() {
    return number;
  }
}
