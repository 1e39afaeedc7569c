package io.lvs4j.core.engine;

import java.net.InetAddress;
import java.util.Set;
import java.util.function.Consumer;

/** Knows which addresses are on this host. */
@FunctionalInterface
public interface HostAddresses {
  /**
   * Looks which of these addresses are on this host, on a thread of its own.
   *
   * @param found is called on any thread with those that are; not at all if the host can't say
   */
  void find(Set<InetAddress> wanted, Consumer<Set<InetAddress>> found);
}
