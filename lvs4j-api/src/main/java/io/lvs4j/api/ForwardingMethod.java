package io.lvs4j.api;

/** How a packet or a connection gets from the director to the real server. */
public enum ForwardingMethod {
  /**
   * The director rewrites the destination to the real server and the reply back to the virtual
   * address. The reply has to pass the director.
   */
  NAT("Masq"),
  /**
   * Only the destination MAC address is changed. The real server holds the virtual address itself
   * and answers the client directly; it must be on the director's link.
   */
  DIRECT_ROUTING("Route"),
  /**
   * The packet travels to the real server inside another IP packet. The real server holds the
   * virtual address itself and answers the client directly, from any network.
   */
  TUNNEL("Tunnel"),
  /**
   * The director rewrites both ends, so that the real server talks to the director's own address
   * and needs no route back to the client.
   */
  FULL_NAT("FullNat");

  private final String ipvsadmName;

  ForwardingMethod(String ipvsadmName) {
    this.ipvsadmName = ipvsadmName;
  }

  /** Returns the word that {@code ipvsadm -Ln} prints for this method. */
  public String ipvsadmName() {
    return ipvsadmName;
  }
}
