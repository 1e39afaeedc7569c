package io.lvs4j.ipvs.client;

import io.lvs4j.api.Tunnel;
import java.util.Objects;

/** How packets get from the director to a real server. */
public sealed interface IpvsForwarding {
  /** Network address translation ({@code -m}): destination address and port are rewritten. */
  record Masquerade() implements IpvsForwarding {
    @Override
    public String toString() {
      return "Masq";
    }
  }

  /** The local host serves the packet ({@code Local}). */
  record LocalNode() implements IpvsForwarding {
    @Override
    public String toString() {
      return "Local";
    }
  }

  /**
   * In a tunnel ({@code -i}); the one way to real servers of the other address family.
   *
   * @param tunnel what wraps the packets
   */
  record Tunnelling(Tunnel tunnel) implements IpvsForwarding {
    public Tunnelling {
      Objects.requireNonNull(tunnel, "tunnel");
    }

    @Override
    public String toString() {
      return "Tunnel " + tunnel;
    }
  }

  /** Direct routing ({@code -g}): only the destination MAC address changes. */
  record DirectRouting() implements IpvsForwarding {
    @Override
    public String toString() {
      return "Route";
    }
  }

  /** To where the packet was going anyway; what a transparent cache uses when it has no server. */
  record Bypass() implements IpvsForwarding {
    @Override
    public String toString() {
      return "Bypass";
    }
  }

  /** Returns network address translation. */
  static IpvsForwarding masquerade() {
    return new Masquerade();
  }

  /** Returns direct routing. */
  static IpvsForwarding directRouting() {
    return new DirectRouting();
  }

  /** Returns a tunnel. */
  static IpvsForwarding tunnel(Tunnel tunnel) {
    return new Tunnelling(tunnel);
  }
}
