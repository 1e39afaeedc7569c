package io.lvs4j.vrrp.wire;

import io.lvs4j.api.AddressFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** The groups that adverts go to unless configured otherwise (RFC 9568 section 5.1). */
public final class MulticastGroups {
  /** 224.0.0.18. */
  public static final Inet4Address IPV4 = Inet4Address.ofLiteral("224.0.0.18");

  /** ff02::12. */
  public static final Inet6Address IPV6 = (Inet6Address) InetAddress.ofLiteral("ff02::12");

  private MulticastGroups() {}

  /** Returns the group of a family. */
  public static InetAddress of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }
}
