package io.lvs4j.lab.vrrp;

import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.lab.network.Host;
import java.net.InetAddress;
import java.time.Duration;

/** A way in which two routers can speak VRRP with each other. */
public enum Dialect {
  V2,
  V2_PASS,
  V3,
  V3_IPV6,
  V3_UNICAST;

  /** The id of the virtual router in all of them. */
  public static final int VIRTUAL_ROUTER_ID = 51;

  /** Says whether intervals are whole seconds. */
  public boolean isVersion2() {
    return this == V2 || this == V2_PASS;
  }

  /** Returns the virtual address that a client uses. */
  public InetAddress virtualAddress() {
    return InetAddress.ofLiteral(this == V3_IPV6 ? "2001:db8:77::100" : "10.77.0.100");
  }

  /** Returns the address that a host's adverts come from. */
  public InetAddress source(Host host) {
    return this == V3_IPV6 ? host.linkLocal() : host.ipv4();
  }

  /** Begins an instance on a host that speaks in this way with another one. */
  public VrrpInstance.Builder instance(Host host, Host other, int priority, Duration interval) {
    var instance =
        VrrpInstance.builder("VI_" + VIRTUAL_ROUTER_ID)
            .networkInterface(Host.CARD)
            .virtualRouterId(VIRTUAL_ROUTER_ID)
            .priority(priority)
            .version(isVersion2() ? VrrpVersion.V2 : VrrpVersion.V3)
            .advertisementInterval(interval);
    return switch (this) {
      case V2, V3 -> instance.virtualAddress("10.77.0.100/24");
      case V2_PASS ->
          instance
              .virtualAddress("10.77.0.100/24")
              .authentication(Authentication.password("secret12"));
      case V3_IPV6 -> instance.virtualAddress("fe80::100/64").virtualAddress("2001:db8:77::100/64");
      case V3_UNICAST ->
          instance
              .virtualAddress("10.77.0.100/24")
              .sourceAddress(host.ipv4().getHostAddress())
              .unicastPeer(other.ipv4().getHostAddress());
    };
  }
}
