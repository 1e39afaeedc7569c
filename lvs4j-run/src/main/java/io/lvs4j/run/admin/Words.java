package io.lvs4j.run.admin;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.VrrpState;

/** What people who know keepalived call things. */
final class Words {
  private Words() {}

  /** An instance that has ended is one that is not started. */
  static String state(VrrpState state) {
    return state == VrrpState.STOPPED ? VrrpState.INIT.name() : state.name();
  }

  static String forwarding(ForwardingMethod forwarding) {
    return switch (forwarding) {
      case NAT -> "NAT";
      case DIRECT_ROUTING -> "DR";
      case TUNNEL -> "TUN";
      case FULL_NAT -> "FULLNAT";
    };
  }

  static String address(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address at -> at.endpoint().toString();
      case VirtualServerId.FirewallMark mark -> mark.toString();
    };
  }
}
