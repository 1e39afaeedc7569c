package io.lvs4j.core.proxy;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one loop for bytes that a peer has yet to take. Where it is used up, the client
 * address that holds the most of it loses the connection that has waited longest, so the others go
 * on; and the loop never comes to where the JDK would stop its thread to look for memory. Used by
 * the loop's thread only.
 */
final class MemoryBudget {
  /** What one address holds. */
  private static final class Holder {
    private final RelayQueue waiting = new RelayQueue();
    private long bytes;
  }

  private final long limit;
  private final Map<InetAddress, Holder> holders = new HashMap<>();
  private long used;
  private boolean ending;

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Takes note that a connection holds so much more or less, and ends connections while it is too
   * much for all: perhaps this one.
   */
  void changed(TcpConnection connection, long more) {
    var address = connection.clientSocketAddress();
    var holder = holders.get(address);
    if (holder == null) {
      holder = new Holder();
      holders.put(address, holder);
    }
    used += more;
    holder.bytes += more;
    if (connection.held() > 0) {
      holder.waiting.touch(connection);
    } else {
      holder.waiting.remove(connection);
    }
    if (holder.bytes == 0) {
      holders.remove(address);
    }
    if (more > 0 && !ending) {
      endSome();
    }
  }

  /** Takes note that a peer has taken something. */
  void progressed(TcpConnection connection) {
    var holder = holders.get(connection.clientSocketAddress());
    if (holder != null && connection.held() > 0) {
      holder.waiting.touch(connection);
    }
  }

  private void endSome() {
    ending = true;
    try {
      while (used > limit) {
        var longest = heaviest();
        if (longest == null) {
          return;
        }
        longest.end(Ending.NO_MEMORY);
      }
    } finally {
      ending = false;
    }
  }

  private @Nullable Relay heaviest() {
    Holder most = null;
    for (var holder : holders.values()) {
      if (most == null || holder.bytes > most.bytes) {
        most = holder;
      }
    }
    return most == null ? null : most.waiting.longestIdle();
  }

  /** Returns how much is held. */
  long used() {
    return used;
  }
}
