package io.lvs4j.lab.lvs;

import io.lvs4j.lab.network.Host;
import java.net.Inet4Address;
import java.net.InetAddress;

/** The two families of addresses, as tests choose between them. */
public enum Family {
  IPV4,
  IPV6;

  /** The virtual address of a site. */
  public InetAddress virtualAddress() {
    return InetAddress.ofLiteral(this == IPV4 ? "10.77.0.100" : "2001:db8:77::100");
  }

  /** Returns a further virtual address, numbered from 1. */
  public InetAddress virtualAddress(int number) {
    return InetAddress.ofLiteral(
        this == IPV4 ? "10.77.0." + (100 + number) : "2001:db8:77::" + (100 + number));
  }

  /** Returns the address of a host on the link that all hosts are on. */
  public InetAddress of(Host host) {
    return this == IPV4 ? host.ipv4() : host.ipv6();
  }

  /** Returns the address of a host on the back link. */
  public InetAddress behind(Host host) {
    return this == IPV4 ? host.backIpv4() : host.backIpv6();
  }

  /** Returns an address with a port as ipvsadm takes it. */
  public static String endpoint(InetAddress address, int port) {
    return address instanceof Inet4Address
        ? address.getHostAddress() + ":" + port
        : "[" + address.getHostAddress() + "]:" + port;
  }

  /** Returns an address with the length of a prefix that is nothing but it. */
  static String single(InetAddress address) {
    return address.getHostAddress() + (address instanceof Inet4Address ? "/32" : "/128");
  }

  String option() {
    return this == IPV4 ? "-4" : "-6";
  }
}
