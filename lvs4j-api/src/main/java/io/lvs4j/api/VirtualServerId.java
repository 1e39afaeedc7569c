package io.lvs4j.api;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What tells one virtual server from another: where its connections go to, or how they are marked.
 */
public sealed interface VirtualServerId {
  /** Returns the family of the addresses that clients connect to. */
  AddressFamily family();

  /**
   * Returns the identity of a TCP virtual server.
   *
   * @throws InvalidConfigurationException when host or port make no sense
   */
  static VirtualServerId tcp(String host, int port) {
    return new Address(Protocol.TCP, Endpoint.of(host, port));
  }

  /**
   * Returns the identity of a UDP virtual server.
   *
   * @throws InvalidConfigurationException when host or port make no sense
   */
  static VirtualServerId udp(String host, int port) {
    return new Address(Protocol.UDP, Endpoint.of(host, port));
  }

  /**
   * Reads {@code 10.0.0.1:80/tcp}, {@code [2001:db8::1]:53/udp}, {@code FWM 5} or {@code FWM 5
   * IPv6}: what {@code toString} writes, in snapshots and tags too.
   *
   * @throws InvalidConfigurationException when it is something else
   */
  static VirtualServerId parse(String text) {
    if (text.matches("FWM [0-9]{1,10}( IPv6)?")) {
      boolean v6 = text.endsWith(" IPv6");
      long mark = Long.parseLong(text, 4, v6 ? text.length() - 5 : text.length(), 10);
      if (mark >= 1 && mark <= FirewallMark.GREATEST) {
        return new FirewallMark(mark, v6 ? AddressFamily.IPV6 : AddressFamily.IPV4);
      }
    } else if (text.endsWith("/tcp")) {
      return new Address(Protocol.TCP, Endpoint.parse(text.substring(0, text.length() - 4)));
    } else if (text.endsWith("/udp")) {
      return new Address(Protocol.UDP, Endpoint.parse(text.substring(0, text.length() - 4)));
    }
    throw new InvalidConfigurationException(
        List.of(
            new Problem("virtual server", text, "ADDRESS:PORT/tcp, ADDRESS:PORT/udp or FWM MARK")));
  }

  /** Says whether both can't be served by one host at a time. */
  boolean overlaps(VirtualServerId other);

  /**
   * An address and a port that clients connect to.
   *
   * @param protocol the transport protocol
   * @param endpoint the virtual address and port; port 0 stands for all ports that no other virtual
   *     server has
   */
  record Address(Protocol protocol, Endpoint endpoint) implements VirtualServerId {
    public Address {
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(endpoint, "endpoint");
    }

    @Override
    public AddressFamily family() {
      return AddressFamily.of(endpoint.address());
    }

    /** Says whether it stands for all ports of its address. */
    public boolean isAllPorts() {
      return endpoint.port() == 0;
    }

    /**
     * The same protocol and port, and the same address or a wildcard that covers the other one:
     * {@code 0.0.0.0} all of IPv4, {@code ::} all of IPv6 and of IPv4.
     */
    @Override
    public boolean overlaps(VirtualServerId other) {
      return other instanceof Address(Protocol otherProtocol, Endpoint that)
          && protocol == otherProtocol
          && endpoint.port() == that.port()
          && (covers(that) || new Address(protocol, that).covers(endpoint));
    }

    private boolean covers(Endpoint other) {
      return endpoint.address().equals(other.address())
          || (endpoint.address().isAnyLocalAddress()
              && (family() == AddressFamily.IPV6
                  || AddressFamily.of(other.address()) == AddressFamily.IPV4));
    }

    /** Returns {@code 10.0.0.1:80/tcp}. */
    @Override
    public String toString() {
      return endpoint + "/" + protocol.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * All packets of one address family that the host's firewall has marked, whatever their protocol,
   * address and port.
   *
   * @param mark what {@code iptables -j MARK} or {@code nft meta mark set} put on them, 1 to
   *     4294967295
   * @param family the address family
   */
  record FirewallMark(long mark, AddressFamily family) implements VirtualServerId {
    /** The greatest mark there is. */
    public static final long GREATEST = 0xffff_ffffL;

    /** Checks the range of the mark. */
    public FirewallMark {
      Objects.requireNonNull(family, "family");
      if (mark < 1 || mark > GREATEST) {
        throw new IllegalArgumentException("mark: " + mark + " (expected: 1-" + GREATEST + ")");
      }
    }

    @Override
    public boolean overlaps(VirtualServerId other) {
      return equals(other);
    }

    /** Returns {@code FWM 5}, or {@code FWM 5 IPv6}, as ipvsadm prints it. */
    @Override
    public String toString() {
      return "FWM " + mark + (family == AddressFamily.IPV6 ? " IPv6" : "");
    }
  }
}
