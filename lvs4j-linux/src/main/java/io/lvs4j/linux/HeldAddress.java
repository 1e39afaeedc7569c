package io.lvs4j.linux;

import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Lifetime;
import java.net.Inet6Address;
import java.time.Duration;

/** Makes the kernel's address of a claim. */
final class HeldAddress {
  private HeldAddress() {}

  /** Returns the address with more flags than it has anyway. */
  static InterfaceAddress of(
      VirtualAddressClaim claim, int prefixLength, int more, int interfaceIndex, Duration valid) {
    // Detection of duplicates would keep the address from being used for a second. The router has
    // its own way to tell whose it is.
    int flags = claim.address() instanceof Inet6Address ? InterfaceAddress.IFA_F_NODAD : 0;
    return new InterfaceAddress(
        interfaceIndex,
        claim.address(),
        prefixLength,
        scope(claim.scope()),
        flags | more,
        claim.label(),
        new Lifetime(claim.preferred() ? valid : Duration.ZERO, valid));
  }

  /** Returns the number of include/uapi/linux/rtnetlink.h, {@code enum rt_scope_t}. */
  private static int scope(AddressScope scope) {
    return switch (scope) {
      case GLOBAL -> 0;
      case SITE -> 200;
      case LINK -> 253;
      case HOST -> 254;
    };
  }
}
