package io.lvs4j.core.event;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Writes every event of VRRP instances to the log {@code io.lvs4j.vrrp}, and each transition and
 * stall to the flight recording:
 *
 * <pre>{@code
 * VrrpRouter.builder().instance(vip).listener(new VrrpEventLog())
 * }</pre>
 *
 * <p>Thread-safe; it has no state.
 */
public final class VrrpEventLog implements VrrpListener {
  private static final Logger LOG = System.getLogger("io.lvs4j.vrrp");

  /** Creates the log. */
  public VrrpEventLog() {}

  @Override
  public void onEvent(VrrpEvent event) {
    LOG.log(level(event), () -> "VRRP " + event.name() + ": " + text(event));
    record(event);
  }

  private static Level level(VrrpEvent event) {
    return switch (event) {
      case VrrpEvent.Master _,
          VrrpEvent.Backup _,
          VrrpEvent.Stopped _,
          VrrpEvent.PriorityChanged _,
          VrrpEvent.IntervalAdopted _ ->
          Level.INFO;
      case VrrpEvent.Fault _,
          VrrpEvent.SecondOwnerHeard _,
          VrrpEvent.OwnAddressHeard _,
          VrrpEvent.AddressRestored _,
          VrrpEvent.Stalled _ ->
          Level.WARNING;
      // Every advert of a master that doesn't give way makes one.
      case VrrpEvent.LowerPriorityHeard _ -> Level.DEBUG;
    };
  }

  private static String text(VrrpEvent event) {
    return switch (event) {
      case VrrpEvent.Master master ->
          "MASTER with priority " + master.priority() + ": " + master.reason();
      case VrrpEvent.Backup backup ->
          "BACKUP with priority " + backup.priority() + ": " + backup.reason();
      case VrrpEvent.Fault fault -> "FAULT: " + fault.reason();
      case VrrpEvent.Stopped _ -> "stopped";
      case VrrpEvent.LowerPriorityHeard heard ->
          "told "
              + Endpoint.literal(heard.sender())
              + " of priority "
              + heard.priority()
              + " to give way";
      case VrrpEvent.SecondOwnerHeard heard ->
          Endpoint.literal(heard.sender()) + " has priority 255 too (expected: one owner)";
      case VrrpEvent.OwnAddressHeard heard ->
          "another router sends from our own address " + Endpoint.literal(heard.sender());
      case VrrpEvent.PriorityChanged changed ->
          "priority " + changed.from() + " is now " + changed.to();
      case VrrpEvent.AddressRestored restored ->
          "somebody removed " + restored.address() + "; it has been put back";
      case VrrpEvent.Stalled stalled ->
          "stood still for " + stalled.length().toMillis() + " ms; others may have taken over";
      case VrrpEvent.IntervalAdopted adopted ->
          "the master's interval of " + adopted.interval().toMillis() + " ms is followed";
    };
  }

  private static void record(VrrpEvent event) {
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
        // No transition: the log and the counters have them.
      }
    }
  }
}
