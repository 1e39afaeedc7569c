package io.lvs4j.core.engine;

import io.lvs4j.api.AfterDrain;
import io.lvs4j.api.plane.DataPlane;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Looks again and again, while servers drain, whether their last connection has ended. */
final class Drains {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private final EngineLoop loop;
  private final DataPlane plane;
  private final Collection<Service> services;
  private final End end;
  private boolean looking;

  /** What is done with a server that has been drained. */
  @FunctionalInterface
  interface End {
    /** Takes the server away; so many connections have been cut. */
    void drained(Service service, ServerState state, ServerState.Drain drain, int cut);
  }

  Drains(EngineLoop loop, DataPlane plane, Collection<Service> services, End end) {
    this.loop = loop;
    this.plane = plane;
    this.services = services;
    this.end = end;
  }

  /** Begins to drain a server, or gives the drain in progress another deadline. */
  ServerState.Drain begin(ServerState state, Duration deadline, AfterDrain after) {
    var before = state.drain;
    boolean fresh = before == null || before.ended();
    var drain =
        new ServerState.Drain(
            loop.now() + deadline.toNanos(),
            after,
            false,
            fresh || before == null ? new CompletableFuture<>() : before.quiesced(),
            fresh || before == null ? new CompletableFuture<>() : before.done());
    state.drain = drain;
    schedule();
    return drain;
  }

  private void schedule() {
    if (!looking) {
      looking = true;
      loop.schedule(
          PERIOD,
          () -> {
            looking = false;
            look();
          });
    }
  }

  private void look() {
    boolean more = false;
    for (var service : List.copyOf(services)) {
      for (var state : List.copyOf(service.servers.values())) {
        var drain = state.drain;
        if (drain != null && !drain.ended() && !look(service, state, drain)) {
          more = true;
        }
      }
    }
    if (more) {
      schedule();
    }
  }

  private boolean look(Service service, ServerState state, ServerState.Drain drain) {
    var id = service.definition.id();
    boolean overdue = loop.now() - drain.deadline() >= 0;
    if (!drain.quiesced().isDone() && !overdue) {
      return false;
    }
    if (!overdue && !plane.isDrained(id, state.endpoint)) {
      return false;
    }
    int open = plane.counters(id).of(state.endpoint).open();
    if (open > 0) {
      plane.closeConnections(id, state.endpoint);
    }
    state.drain = drain.after() == AfterDrain.KEEP ? drain.end() : null;
    end.drained(service, state, drain, open);
    return true;
  }
}
