package io.lvs4j.core.engine;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.KeepalivedListener;
import io.lvs4j.api.RealServer;
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
  private final Notifications notifications = new Notifications();

  Publisher(List<DirectorListener> listeners) {
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

  /** Tells all listeners of an event. */
  void publish(Service service, DirectorEvent event) {
    publish(service, event, _ -> true);
  }

  private void publish(Service service, DirectorEvent event, Predicate<DirectorListener> to) {
    notifications.publish(
        event,
        Stream.concat(listeners.stream(), service.definition.listeners().stream())
            .filter(to)
            .toList());
  }

  /** Ends the notifications after those that are on their way, as {@link Notifications#close}. */
  void close(Duration patience) {
    notifications.close(patience);
  }
}
