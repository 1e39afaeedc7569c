package io.lvs4j.ipvs.client;

import io.lvs4j.api.AddressFamily;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Objects;

/** What tells one virtual service of the kernel from another. */
public sealed interface ServiceKey extends Comparable<ServiceKey> {
  /** Transmission Control Protocol. */
  int TCP = 6;

  /** User Datagram Protocol. */
  int UDP = 17;

  /** Stream Control Transmission Protocol. */
  int SCTP = 132;

  /** Returns the kind of address that the clients of the service have. */
  AddressFamily family();

  /**
   * A service at an address.
   *
   * @param protocol the number of the transport protocol, 0 to 65535; only {@link #TCP}, {@link
   *     #UDP} and {@link #SCTP} are ever scheduled, though the kernel takes any
   * @param address the virtual address
   * @param port 0 to 65535; 0 stands for all ports, and works for persistent services only
   */
  record AddressKey(int protocol, InetAddress address, int port) implements ServiceKey {
    public AddressKey {
      Objects.requireNonNull(address, "address");
      Numbers.check("protocol", protocol, 0, 0xffff);
      Numbers.check("port", port, 0, 0xffff);
    }

    @Override
    public AddressFamily family() {
      return AddressFamily.of(address);
    }

    /** Returns {@code TCP 10.0.0.1:80} or {@code UDP [2001:db8::1]:53}. */
    @Override
    public String toString() {
      String name =
          switch (protocol) {
            case TCP -> "TCP";
            case UDP -> "UDP";
            case SCTP -> "SCTP";
            default -> "protocol " + protocol;
          };
      return name + " " + Numbers.endpoint(address, port);
    }
  }

  /**
   * A service for the packets that a packet filter has marked.
   *
   * @param mark 1 to 4294967295
   * @param family of the marked packets
   */
  record FirewallMarkKey(long mark, AddressFamily family) implements ServiceKey {
    public FirewallMarkKey {
      Objects.requireNonNull(family, "family");
      Numbers.check("firewall mark", mark, 1, 0xffff_ffffL);
    }

    /** Returns {@code FWM 7} or {@code FWM 7 IPv6}. */
    @Override
    public String toString() {
      return "FWM " + mark + (family == AddressFamily.IPV6 ? " IPv6" : "");
    }
  }

  /** Returns the key of a TCP service. */
  static AddressKey tcp(InetAddress address, int port) {
    return new AddressKey(TCP, address, port);
  }

  /** Returns the key of a UDP service. */
  static AddressKey udp(InetAddress address, int port) {
    return new AddressKey(UDP, address, port);
  }

  /** Returns the key of an SCTP service. */
  static AddressKey sctp(InetAddress address, int port) {
    return new AddressKey(SCTP, address, port);
  }

  /** Returns the key of a service for marked packets. */
  static FirewallMarkKey firewallMark(long mark, AddressFamily family) {
    return new FirewallMarkKey(mark, family);
  }

  /** Orders by family, protocol, address and port, then firewall marks by family and number. */
  @Override
  default int compareTo(ServiceKey other) {
    return Order.OF_KEYS.compare(this, other);
  }

  /** The order of keys; the kernel has none, its table is hashed by an address of its own. */
  final class Order {
    private static final Comparator<AddressKey> OF_ADDRESSES =
        Comparator.comparingInt(AddressKey::protocol)
            .thenComparing(key -> key.address().getAddress(), Numbers::compareUnsigned)
            .thenComparingInt(AddressKey::port);
    static final Comparator<ServiceKey> OF_KEYS = Order::compare;

    private Order() {}

    private static int compare(ServiceKey one, ServiceKey other) {
      return switch (one) {
        case AddressKey a when other instanceof AddressKey b -> {
          int families = a.family().compareTo(b.family());
          yield families != 0 ? families : OF_ADDRESSES.compare(a, b);
        }
        case FirewallMarkKey a when other instanceof FirewallMarkKey b -> {
          int families = a.family().compareTo(b.family());
          yield families != 0 ? families : Long.compare(a.mark(), b.mark());
        }
        case AddressKey _ -> -1;
        case FirewallMarkKey _ -> 1;
      };
    }
  }
}
