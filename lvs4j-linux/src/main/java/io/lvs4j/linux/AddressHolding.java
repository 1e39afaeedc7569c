package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.netlink.InterfaceAddress;

/** One mechanism by which addresses are held no longer than this process lives. */
interface AddressHolding extends AutoCloseable {
  /** Puts an address on this host, or puts it back, or makes it live longer. */
  void hold(VirtualAddressClaim claim) throws HostNetworkException;

  /** Takes an address from this host; does nothing when it is gone already. */
  void release(VirtualAddressClaim claim) throws HostNetworkException;

  /** Takes back what a claim alone needs of an address that stays, for it has another claim. */
  void withdraw(VirtualAddressClaim claim) throws HostNetworkException;

  /** Returns the kernel's address of a claim, for comparison with that of another one. */
  InterfaceAddress placed(VirtualAddressClaim claim);

  /** Says whether two claims are to the same address of the kernel, which is there once then. */
  boolean isOnePlace(VirtualAddressClaim one, VirtualAddressClaim other);

  /** Says whether an address is where this mechanism has put it. */
  boolean isHeld(VirtualAddressClaim claim, Inventory present);

  /**
   * Returns the time after which a held address has to be held anew; {@link Long#MAX_VALUE} for
   * never.
   */
  long refreshNanos();

  /** Gives back what the mechanism has opened, and with it what it still holds. */
  @Override
  void close();
}
