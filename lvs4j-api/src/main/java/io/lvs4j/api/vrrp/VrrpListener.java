package io.lvs4j.api.vrrp;

import java.time.Duration;

/**
 * Is told of what happens to instances, in order, one event at a time, on a thread that sends no
 * adverts: a slow listener delays later events and nothing else. An exception is logged.
 */
public interface VrrpListener {
  /** Is called when the virtual addresses have become ours. */
  default void onMaster(VrrpEvent.Master event) {}

  /** Is called when another router has the virtual addresses. */
  default void onBackup(VrrpEvent.Backup event) {}

  /** Is called when this router has become unable to have the virtual addresses. */
  default void onFault(VrrpEvent.Fault event) {}

  /** Is called when the instance has ended. */
  default void onStop(VrrpEvent.Stopped event) {}

  /** Is called with everything, those of the methods above too, before them. */
  default void onEvent(VrrpEvent event) {}

  /**
   * Waits until what it has set going for the events so far is over. Called when the router is
   * closed, behind the last event.
   *
   * @param atMost how long it may take; all listeners share one wait
   */
  default void awaitEnd(Duration atMost) throws InterruptedException {}

  /** Hands an event to the methods that it concerns. */
  default void accept(VrrpEvent event) {
    onEvent(event);
    switch (event) {
      case VrrpEvent.Master master -> onMaster(master);
      case VrrpEvent.Backup backup -> onBackup(backup);
      case VrrpEvent.Fault fault -> onFault(fault);
      case VrrpEvent.Stopped stopped -> onStop(stopped);
      case VrrpEvent.LowerPriorityHeard _,
          VrrpEvent.SecondOwnerHeard _,
          VrrpEvent.OwnAddressHeard _,
          VrrpEvent.PriorityChanged _,
          VrrpEvent.AddressRestored _,
          VrrpEvent.Stalled _,
          VrrpEvent.IntervalAdopted _ -> {
        // These have no method of their own.
      }
    }
  }
}
