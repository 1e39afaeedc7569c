package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;

/** Something that is to be done, in the order in which the actions come. */
public sealed interface Action {
  /** Send an advert, to the group or to each peer. */
  record SendAdvert(Priority priority) implements Action {}

  /** Put all virtual addresses on their interfaces. */
  record ClaimAddresses() implements Action {}

  /** Take all virtual addresses from their interfaces; those that are not there are no matter. */
  record ReleaseAddresses() implements Action {}

  /** Put back an address that somebody else removed. */
  record RestoreAddress(VirtualAddress address) implements Action {}

  /**
   * Send gratuitous ARP or unsolicited neighbour advertisements for all virtual addresses in turn.
   *
   * @param repeat how often each
   */
  record Announce(int repeat) implements Action {}

  /** Announce our own source address, so that a unicast master finds us again. */
  record AnnounceSource() implements Action {}

  /**
   * Read the socket until it is empty, hand in what was there, then {@link Event.SocketDrained}.
   */
  record DrainSocket() implements Action {}

  /** Tell the sync group that this member could be master. */
  record WantMaster() implements Action {}

  /** Tell the listeners. */
  record Notify(VrrpEvent event) implements Action {}
}
