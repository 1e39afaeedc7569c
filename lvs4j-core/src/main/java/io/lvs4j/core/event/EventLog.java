package io.lvs4j.core.event;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes every event of a director to the log and to the flight recording. */
public final class EventLog implements DirectorListener {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  /** Creates the log; it has no state. */
  public EventLog() {}

  @Override
  public void onEvent(DirectorEvent event) {
    LOG.log(level(event), () -> "virtual server " + event.virtualServer() + ": " + text(event));
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
    };
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
    }
  }
}
