package io.lvs4j.core;

import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.VirtualServerSnapshot;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;

/**
 * Changes a virtual server while it is served. Every method throws {@link NoSuchElementException}
 * when the virtual server is not there, and returns when the change is in force. Thread-safe.
 */
public final class VirtualServerControl {
  private final Director director;
  private final VirtualServerId id;

  VirtualServerControl(Director director, VirtualServerId id) {
    this.director = director;
    this.id = id;
  }

  /** Returns protocol, address and port. */
  public VirtualServerId id() {
    return id;
  }

  /** Decides for new connections with another scheduler; live connection counts stay. */
  public VirtualServerControl scheduler(Scheduler scheduler) {
    return change(builder -> builder.scheduler(scheduler));
  }

  /** Keeps new clients on their server in another way. */
  public VirtualServerControl persistence(Persistence persistence) {
    return change(builder -> builder.persistence(persistence));
  }

  /**
   * Changes any setting but the real servers.
   *
   * @throws io.lvs4j.api.InvalidConfigurationException when the result makes no sense
   */
  public VirtualServerControl change(UnaryOperator<VirtualServer.Builder> change) {
    Director.join(director.engine().update(id, change));
    return this;
  }

  /**
   * Adds a real server; it gets connections at once, or after its first good check in alpha mode.
   *
   * @throws io.lvs4j.api.InvalidConfigurationException when it is wrong or there already
   */
  public VirtualServerControl add(RealServer server) {
    Director.join(director.engine().addServer(id, server));
    return this;
  }

  /** Returns the handle of a real server. */
  public RealServerControl realServer(String host, int port) {
    return new RealServerControl(director, id, RealServer.of(host, port).endpoint());
  }

  /** Returns the state now. */
  public VirtualServerSnapshot snapshot() {
    return director.snapshot().virtualServers().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("virtual server " + id + ": not here"));
  }
}
