package io.lvs4j.keepalived.script;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.KeepalivedListener;
import java.util.Objects;
import java.util.Optional;

/**
 * A script that is run when a real server comes or goes, or when quorum is won or lost: {@code
 * notify_up}, {@code notify_down}, {@code quorum_up}, {@code quorum_down}.
 *
 * @param trigger which event it is run for
 * @param realServer of which real server; empty for quorum
 * @param command what is run
 */
public record ServerNotification(
    Trigger trigger, Optional<Endpoint> realServer, ScriptCommand command)
    implements KeepalivedListener {
  /** Which event a script is run for. */
  public enum Trigger {
    /** {@code notify_up}. */
    UP("notify_up"),
    /** {@code notify_down}. */
    DOWN("notify_down"),
    /** {@code quorum_up}. */
    QUORUM_UP("quorum_up"),
    /** {@code quorum_down}. */
    QUORUM_DOWN("quorum_down");

    private final String keyword;

    Trigger(String keyword) {
      this.keyword = keyword;
    }

    /** Returns the keyword. */
    public String keyword() {
      return keyword;
    }
  }

  /** Checks that nothing is missing. */
  public ServerNotification {
    Objects.requireNonNull(trigger, "trigger");
    Objects.requireNonNull(realServer, "realServer");
    Objects.requireNonNull(command, "command");
  }

  @Override
  public void onEvent(DirectorEvent event) {
    if (isMeant(event)) {
      ScriptQueue.add(event.virtualServer().toString(), command);
    }
  }

  private boolean isMeant(DirectorEvent event) {
    return switch (event) {
      case DirectorEvent.RealServerUp up ->
          trigger == Trigger.UP && realServer.filter(up.realServer()::equals).isPresent();
      case DirectorEvent.RealServerDown down ->
          trigger == Trigger.DOWN && realServer.filter(down.realServer()::equals).isPresent();
      case DirectorEvent.QuorumUp _ -> trigger == Trigger.QUORUM_UP;
      case DirectorEvent.QuorumDown _ -> trigger == Trigger.QUORUM_DOWN;
      case DirectorEvent.SorryServerActivated _,
          DirectorEvent.SorryServerDeactivated _,
          DirectorEvent.RealServerEjected _,
          DirectorEvent.RealServerReturned _,
          DirectorEvent.RealServerDrained _,
          DirectorEvent.VirtualServerOpened _,
          DirectorEvent.VirtualServerClosed _,
          DirectorEvent.ConfigurationChange _ ->
          false;
    };
  }
}
