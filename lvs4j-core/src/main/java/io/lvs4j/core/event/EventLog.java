package io.lvs4j.core.event;

import io.lvs4j.api.AfterDrain;
import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.SchedulerName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes every event of a director to the log and to the flight recording. */
public final class EventLog implements DirectorListener {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  /** Lines that are written later than this say when it was. */
  private static final Duration LATE = Duration.ofSeconds(1);

  /** Creates the log; it has no state. */
  public EventLog() {}

  @Override
  public void onEvent(DirectorEvent event) {
    onEvent(event, Instant.now());
  }

  @Override
  public void onEvent(DirectorEvent event, Instant time) {
    boolean late = Duration.between(time, Instant.now()).compareTo(LATE) > 0;
    LOG.log(
        level(event),
        () ->
            "virtual server "
                + event.virtualServer()
                + ": "
                + text(event)
                + (late ? " (at " + time.truncatedTo(ChronoUnit.MILLIS) + ")" : ""));
    record(event);
  }

  private static Level level(DirectorEvent event) {
    return switch (event) {
      case DirectorEvent.RealServerDown down -> Level.WARNING;
      case DirectorEvent.RealServerEjected ejected -> Level.WARNING;
      case DirectorEvent.RealServerReturned returned -> Level.INFO;
      case DirectorEvent.QuorumDown down -> Level.WARNING;
      case DirectorEvent.SorryServerActivated activated -> Level.WARNING;
      case DirectorEvent.RealServerUp up -> Level.INFO;
      case DirectorEvent.QuorumUp up -> Level.INFO;
      case DirectorEvent.SorryServerDeactivated deactivated -> Level.INFO;
      case DirectorEvent.RealServerDrained drained -> Level.INFO;
      case DirectorEvent.VirtualServerOpened opened -> Level.INFO;
      case DirectorEvent.VirtualServerClosed closed -> Level.INFO;
      case DirectorEvent.ConfigurationChange change -> Level.INFO;
    };
  }

  private static String text(DirectorEvent event) {
    return switch (event) {
      case DirectorEvent.RealServerUp up -> "real server " + up.realServer() + " up";
      case DirectorEvent.RealServerDown down ->
          "real server " + down.realServer() + " down: " + down.reason();
      case DirectorEvent.RealServerEjected ejected ->
          "real server "
              + ejected.realServer()
              + " ejected for "
              + ejected.duration().toMillis()
              + " ms: "
              + ejected.reason();
      case DirectorEvent.RealServerReturned returned ->
          "real server " + returned.realServer() + " back after its ejection";
      case DirectorEvent.QuorumUp up -> "quorum won";
      case DirectorEvent.QuorumDown down -> "quorum lost";
      case DirectorEvent.SorryServerActivated sorry ->
          "sorry server " + sorry.sorryServer() + " takes over";
      case DirectorEvent.SorryServerDeactivated sorry ->
          "sorry server " + sorry.sorryServer() + " hands back";
      case DirectorEvent.RealServerDrained drained ->
          "real server " + drained.realServer() + " drained, " + drained.cut() + " connections cut";
      case DirectorEvent.VirtualServerOpened opened ->
          "serving: VRRP instance " + opened.vrrpInstance() + " is master";
      case DirectorEvent.VirtualServerClosed closed ->
          "not serving: VRRP instance " + closed.vrrpInstance() + " is not master";
      case DirectorEvent.ConfigurationChange change -> text(change);
    };
  }

  private static String text(DirectorEvent.ConfigurationChange change) {
    return switch (change) {
      case DirectorEvent.VirtualServerAdded added ->
          (added.vrrpInstances().isEmpty()
                  ? "serving"
                  : "served while VRRP instance "
                      + String.join(" or ", added.vrrpInstances())
                      + " is master")
              + " by "
              + added.plane()
              + ", scheduler "
              + name(added.scheduler())
              + ", "
              + added.realServers()
              + (added.realServers() == 1 ? " real server" : " real servers");
      case DirectorEvent.VirtualServerRemoved removed -> "removed";
      case DirectorEvent.VirtualServerChanged changed ->
          "changed: " + String.join(", ", changed.changes());
      case DirectorEvent.RealServerAdded added ->
          "real server " + added.realServer() + " added, weight " + added.weight();
      case DirectorEvent.RealServerRemoved removed ->
          "real server " + removed.realServer() + " removed";
      case DirectorEvent.RealServerChanged changed ->
          "real server "
              + changed.realServer()
              + " changed: "
              + String.join(", ", changed.changes());
      case DirectorEvent.DrainBegun begun ->
          "real server "
              + begun.realServer()
              + " drains for "
              + begun.deadline().toMillis()
              + " ms at most, and is "
              + (begun.after() == AfterDrain.KEEP ? "kept" : "removed")
              + " then";
      case DirectorEvent.RealServerResumed resumed ->
          "real server " + resumed.realServer() + " resumed";
    };
  }

  private static String name(SchedulerName scheduler) {
    return scheduler.flags().isEmpty()
        ? scheduler.name()
        : scheduler.name() + " " + String.join(",", scheduler.flags());
  }

  private static void record(DirectorEvent event) {
    switch (event) {
      case DirectorEvent.RealServerUp up ->
          RealServerEvent.record(up.virtualServer(), up.realServer(), "up", "");
      case DirectorEvent.RealServerDown down ->
          RealServerEvent.record(down.virtualServer(), down.realServer(), "down", down.reason());
      case DirectorEvent.RealServerDrained drained ->
          RealServerEvent.record(
              drained.virtualServer(), drained.realServer(), "drained", drained.cut() + " cut");
      case DirectorEvent.RealServerEjected ejected ->
          RealServerEvent.record(
              ejected.virtualServer(), ejected.realServer(), "ejected", ejected.reason());
      case DirectorEvent.RealServerReturned returned ->
          RealServerEvent.record(returned.virtualServer(), returned.realServer(), "returned", "");
      case DirectorEvent.QuorumUp up -> QuorumEvent.record(up.virtualServer(), "quorum won");
      case DirectorEvent.QuorumDown down -> QuorumEvent.record(down.virtualServer(), "quorum lost");
      case DirectorEvent.SorryServerActivated sorry ->
          QuorumEvent.record(sorry.virtualServer(), "sorry server takes over");
      case DirectorEvent.SorryServerDeactivated sorry ->
          QuorumEvent.record(sorry.virtualServer(), "sorry server hands back");
      case DirectorEvent.VirtualServerOpened _,
          DirectorEvent.VirtualServerClosed _,
          DirectorEvent.ConfigurationChange _ ->
          ConfigurationEvent.record(event.virtualServer(), text(event));
    }
  }
}
