package io.lvs4j.linux;

/**
 * How a virtual address is kept from outliving this process. Whatever ends the process, a kill -9
 * included, the address is gone from the host soon after.
 */
public enum AddressMechanism {
  /**
   * {@link #PROCESS_DEVICE} where it works, for IPv4 under the weak host model with /dev/net/tun at
   * hand; {@link #REFRESHED_LIFETIME} elsewhere.
   */
  AUTOMATIC,

  /**
   * The address is on a TUN device that lives as long as this process has it open. The kernel
   * answers ARP for it on all interfaces, as long as {@code arp_ignore} is 0 (the weak host model,
   * and the default). It is gone some milliseconds after the process. IPv4 only: neighbour
   * discovery answers for addresses of the very interface only.
   */
  PROCESS_DEVICE,

  /**
   * The address is on the interface itself, valid for a few seconds and refreshed in time. It is
   * gone one lifetime after the process, and also when the thread that refreshes it stands still
   * for as long.
   */
  REFRESHED_LIFETIME
}
