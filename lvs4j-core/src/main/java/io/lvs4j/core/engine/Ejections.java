package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.PassiveHealth;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * The rules of {@link PassiveHealth} for one virtual server: who is ejected, who comes back, and
 * how many may be away. Owned by the engine's thread.
 */
final class Ejections {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  private final Service service;

  Ejections(Service service) {
    this.service = service;
  }

  /**
   * Takes the news that a real server has failed so many connections in a row.
   *
   * @return for how long it is ejected; empty if it is not
   */
  Optional<Duration> failed(Endpoint endpoint, int inARow, String last, long now) {
    var rules = service.definition.passiveHealth().orElse(null);
    var state = service.server(endpoint);
    if (rules == null
        || state == null
        || inARow < rules.consecutiveFailures()
        || !counts(state)
        || state.ejection.isEjected()) {
      return Optional.empty();
    }
    if (ejected() >= most(rules)) {
      LOG.log(
          Level.DEBUG,
          () ->
              "virtual server "
                  + service.definition.id()
                  + ": real server "
                  + endpoint
                  + " failed "
                  + inARow
                  + " connections in a row, and stays: "
                  + ejected()
                  + " ejected (at most "
                  + rules.maxEjectionPercent()
                  + " % of those that are up)");
      return Optional.empty();
    }
    var time = state.ejection.begin(rules, now);
    service.tell(
        new DirectorEvent.RealServerEjected(
            service.definition.id(),
            endpoint,
            time,
            inARow + " connections in a row failed, the last one: " + last));
    return Optional.of(time);
  }

  /** Lets those come back whose time is over, and those who are too many. */
  void review(long now) {
    var rules = service.definition.passiveHealth().orElse(null);
    for (var state : service.servers.values()) {
      if (state.ejection.isEjected() && (rules == null || state.ejection.until() - now <= 0)) {
        comeBack(state, now);
      }
    }
    while (rules != null && ejected() > most(rules)) {
      service.servers.values().stream()
          .filter(state -> state.ejection.isEjected())
          .min(Comparator.comparingLong(state -> state.ejection.until() - now))
          .ifPresent(state -> comeBack(state, now));
    }
  }

  private void comeBack(ServerState state, long now) {
    state.ejection.end(now);
    if (counts(state)) {
      state.cameBack(now);
      service.tell(new DirectorEvent.RealServerReturned(service.definition.id(), state.endpoint));
    }
  }

  private long ejected() {
    return service.servers.values().stream().filter(state -> state.ejection.isEjected()).count();
  }

  private long most(PassiveHealth rules) {
    long pool = service.servers.values().stream().filter(Ejections::counts).count();
    return pool * rules.maxEjectionPercent() / 100;
  }

  /** Says whether a server is one of those of which a share may be ejected. */
  private static boolean counts(ServerState state) {
    return state.up && state.drain == null;
  }
}
