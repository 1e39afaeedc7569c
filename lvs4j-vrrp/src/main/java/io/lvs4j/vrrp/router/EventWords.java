package io.lvs4j.vrrp.router;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.VrrpEvent;
import java.lang.System.Logger.Level;

/** Events as lines of a log. */
final class EventWords {
  private EventWords() {}

  static String of(VrrpEvent event) {
    return event.name()
        + switch (event) {
          case VrrpEvent.Master master ->
              ": MASTER, priority " + master.priority() + ": " + master.reason();
          case VrrpEvent.Backup backup ->
              ": BACKUP, priority " + backup.priority() + ": " + backup.reason();
          case VrrpEvent.Fault fault -> ": FAULT: " + fault.reason();
          case VrrpEvent.Stopped _ -> ": stopped";
          case VrrpEvent.LowerPriorityHeard heard when heard.preempted() ->
              ": "
                  + Endpoint.literal(heard.sender())
                  + " (priority "
                  + heard.priority()
                  + ") is giving way";
          case VrrpEvent.LowerPriorityHeard heard ->
              ": "
                  + Endpoint.literal(heard.sender())
                  + " is master too, with priority "
                  + heard.priority()
                  + "; it has to give way";
          case VrrpEvent.SecondOwnerHeard heard ->
              ": "
                  + Endpoint.literal(heard.sender())
                  + " has priority 255 too (expected: one address owner)";
          case VrrpEvent.OwnAddressHeard heard ->
              ": advert from our own address "
                  + Endpoint.literal(heard.sender())
                  + ": another process of this host runs this virtual router, or another host has this"
                  + " address (expected: each router has its own)";
          case VrrpEvent.PriorityChanged changed ->
              ": priority " + changed.to() + ", was " + changed.from();
          case VrrpEvent.AddressRestored restored ->
              ": " + restored.address() + " was removed by somebody, and has been put back";
          case VrrpEvent.Stalled stalled ->
              ": stood still for "
                  + stalled.length().toMillis()
                  + (stalled.listening()
                      ? " ms; listening before going on"
                      : " ms; announcing the addresses again");
          case VrrpEvent.IntervalAdopted adopted ->
              ": follows the master's interval of " + adopted.interval().toMillis() + " ms";
        };
  }

  /** Says whether it can happen with every advert, and a line each would be too many. */
  static boolean isFrequent(VrrpEvent event) {
    return level(event) == Level.WARNING && !(event instanceof VrrpEvent.Fault);
  }

  static Level level(VrrpEvent event) {
    return switch (event) {
      case VrrpEvent.Master _,
          VrrpEvent.Backup _,
          VrrpEvent.Stopped _,
          VrrpEvent.PriorityChanged _,
          VrrpEvent.IntervalAdopted _ ->
          Level.INFO;
      case VrrpEvent.LowerPriorityHeard heard -> heard.preempted() ? Level.DEBUG : Level.WARNING;
      case VrrpEvent.Fault _,
          VrrpEvent.SecondOwnerHeard _,
          VrrpEvent.OwnAddressHeard _,
          VrrpEvent.AddressRestored _,
          VrrpEvent.Stalled _ ->
          Level.WARNING;
    };
  }
}
