package io.lvs4j.api.vrrp;

import java.net.InetAddress;
import java.time.Duration;

/** Something that happened to a VRRP instance or to a sync group. */
public sealed interface VrrpEvent {
  /** Returns the name of the instance or of the sync group. */
  String name();

  /** The virtual addresses are ours (notify_master). */
  record Master(String name, Priority priority, String reason) implements VrrpEvent {}

  /** Another router is to have the virtual addresses, or soon will (notify_backup). */
  record Backup(String name, Priority priority, String reason) implements VrrpEvent {}

  /** This router can't have the virtual addresses (notify_fault). */
  record Fault(String name, Priority priority, String reason) implements VrrpEvent {}

  /**
   * The instance has ended (notify_stop).
   *
   * @param removed whether it is no longer configured, or goes on as another virtual router, while
   *     the process runs on (notify_deleted)
   */
  record Stopped(String name, Priority priority, boolean removed) implements VrrpEvent {
    /** Describes the end of an instance that ends with its router. */
    public Stopped(String name, Priority priority) {
      this(name, priority, false);
    }
  }

  /**
   * A master heard another one of lower claim and told it so (notify_master_rx_lower_pri).
   *
   * @param name the instance
   * @param sender who says that it is master
   * @param priority with which priority
   * @param preempted whether it is the one that was preempted a moment ago, and is giving way
   */
  record LowerPriorityHeard(String name, InetAddress sender, Priority priority, boolean preempted)
      implements VrrpEvent {
    /** Another master that should not be there. */
    public LowerPriorityHeard(String name, InetAddress sender, Priority priority) {
      this(name, sender, priority, false);
    }
  }

  /** Another router says that it owns the addresses, as this one does. */
  record SecondOwnerHeard(String name, InetAddress sender) implements VrrpEvent {}

  /** Another router sends adverts from this one's own address. */
  record OwnAddressHeard(String name, InetAddress sender) implements VrrpEvent {}

  /** The effective priority changed. */
  record PriorityChanged(String name, Priority from, Priority to) implements VrrpEvent {}

  /** Somebody removed a virtual address of a master, and it has been put back. */
  record AddressRestored(String name, VirtualAddress address) implements VrrpEvent {}

  /**
   * The process stood still for so long that the others may have chosen another master.
   *
   * @param name the instance
   * @param length for how long
   * @param listening whether it listens before it goes on; a master that preempts doesn't, and
   *     announces its addresses again
   */
  record Stalled(String name, Duration length, boolean listening) implements VrrpEvent {
    /** One that listens before it goes on. */
    public Stalled(String name, Duration length) {
      this(name, length, true);
    }
  }

  /** The master sends adverts at another interval than configured; it is followed (VRRPv3). */
  record IntervalAdopted(String name, Duration interval) implements VrrpEvent {}
}
