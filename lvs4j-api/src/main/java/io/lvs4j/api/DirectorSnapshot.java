package io.lvs4j.api;

import io.lvs4j.api.loop.LoopSnapshot;
import java.util.List;

/**
 * All virtual servers at one moment, and the threads that serve them.
 *
 * @param virtualServers in the order in which they were added
 * @param loops the threads that serve as long as the director does
 */
public record DirectorSnapshot(
    List<VirtualServerSnapshot> virtualServers, List<LoopSnapshot> loops) {
  public DirectorSnapshot {
    virtualServers = List.copyOf(virtualServers);
    loops = List.copyOf(loops);
  }

  /** Creates one of a director whose threads nobody asks for. */
  public DirectorSnapshot(List<VirtualServerSnapshot> virtualServers) {
    this(virtualServers, List.of());
  }
}
