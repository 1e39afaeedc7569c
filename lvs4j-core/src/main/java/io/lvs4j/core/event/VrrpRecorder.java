package io.lvs4j.core.event;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;

/**
 * Writes each transition and each stall of VRRP instances to the flight recording; lines in the log
 * are the router's own. A director has one; a router of its own gets it as a listener:
 *
 * <pre>{@code
 * VrrpRouter.builder().instance(vip).listener(new VrrpRecorder())
 * }</pre>
 *
 * <p>Thread-safe; it has no state.
 */
public final class VrrpRecorder implements VrrpListener {
  /** Creates the recorder. */
  public VrrpRecorder() {}

  @Override
  public void onEvent(VrrpEvent event) {
    switch (event) {
      case VrrpEvent.Master master ->
          VrrpTransitionEvent.record(master.name(), "MASTER", master.priority(), master.reason());
      case VrrpEvent.Backup backup ->
          VrrpTransitionEvent.record(backup.name(), "BACKUP", backup.priority(), backup.reason());
      case VrrpEvent.Fault fault ->
          VrrpTransitionEvent.record(fault.name(), "FAULT", fault.priority(), fault.reason());
      case VrrpEvent.Stopped stopped ->
          VrrpTransitionEvent.record(stopped.name(), "STOPPED", stopped.priority(), "");
      case VrrpEvent.Stalled stalled -> VrrpStallEvent.record(stalled.name(), stalled.length());
      case VrrpEvent.LowerPriorityHeard _,
          VrrpEvent.SecondOwnerHeard _,
          VrrpEvent.OwnAddressHeard _,
          VrrpEvent.PriorityChanged _,
          VrrpEvent.AddressRestored _,
          VrrpEvent.IntervalAdopted _ -> {
        // No transition: the router's log and the counters have them.
      }
    }
  }
}
