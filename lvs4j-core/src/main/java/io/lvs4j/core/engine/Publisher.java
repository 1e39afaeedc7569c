package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.KeepalivedListener;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.loop.LoopSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who is told what of virtual servers. All listeners hear of changes; how things are at the start
 * some want to hear and some don't, and keepalived's scripts hear what keepalived tells them.
 */
final class Publisher {
  private final List<DirectorListener> listeners;
  private final DirectorListener log;
  private final Notifications notifications = new Notifications("lvs4j-notifications");
  private final Notifications lines = new Notifications("lvs4j-log");

  Publisher(DirectorListener log, List<DirectorListener> listeners) {
    this.log = log;
    this.listeners = List.copyOf(listeners);
  }

  /**
   * Quorum that is there is no news but to those that asked for it, and to keepalived's scripts.
   */
  void quorumAtStart(Service service) {
    var definition = service.definition;
    if (service.quorumUp) {
      publish(
          service,
          new DirectorEvent.QuorumUp(definition.id()),
          listener -> definition.isNotifyingAtStart() || listener instanceof KeepalivedListener);
    } else if (definition.sorryServer().isPresent()) {
      quorum(service);
    } else {
      publish(
          service,
          new DirectorEvent.QuorumDown(definition.id()),
          listener -> !(listener instanceof KeepalivedListener));
    }
  }

  /** Tells of quorum that has come or gone, and of the sorry server that it concerns. */
  void quorum(Service service) {
    var id = service.definition.id();
    var sorry = service.definition.sorryServer().map(RealServer::endpoint);
    if (service.quorumUp) {
      sorry.ifPresent(
          endpoint -> publish(service, new DirectorEvent.SorryServerDeactivated(id, endpoint)));
      publish(service, new DirectorEvent.QuorumUp(id));
    } else {
      publish(service, new DirectorEvent.QuorumDown(id));
      sorry.ifPresent(
          endpoint -> publish(service, new DirectorEvent.SorryServerActivated(id, endpoint)));
    }
  }

  /** Tells that the first check of a server that was taken for down has found it so. */
  void foundDown(Service service, DirectorEvent.RealServerDown event) {
    publish(service, event, listener -> listener instanceof KeepalivedListener);
  }

  /** Tells what there is to tell when a virtual server ends. */
  void farewell(Service service) {
    service.farewell().forEach(event -> publish(service, event));
  }

  /** Tells those that hear of everything that a thread has ended. */
  void loopEnded(LoopSnapshot loop) {
    notifications.loopEnded(loop, listeners);
  }

  /** Returns the thread of the notifications as it is now. */
  LoopSnapshot loop() {
    return notifications.snapshot();
  }

  /** Tells all listeners of an event, those in keepalived's manner if keepalived has it. */
  void publish(Service service, DirectorEvent event) {
    boolean ours =
        event instanceof DirectorEvent.ConfigurationChange
            || event instanceof DirectorEvent.VirtualServerOpened
            || event instanceof DirectorEvent.VirtualServerClosed;
    publish(service, event, listener -> !ours || !(listener instanceof KeepalivedListener));
  }

  private void publish(Service service, DirectorEvent event, Predicate<DirectorListener> to) {
    if (to.test(log)) {
      lines.publish(event, List.of(log));
    }
    notifications.publish(
        event,
        Stream.concat(listeners.stream(), service.definition.listeners().stream())
            .filter(to)
            .toList());
  }

  /** Ends the notifications after those that are on their way, as {@link Notifications#close}. */
  void close(Duration patience) {
    notifications.close(patience);
    lines.close(Duration.ZERO);
  }
}
