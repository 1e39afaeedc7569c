package io.lvs4j.api;

import java.util.List;

/**
 * All virtual servers at one moment.
 *
 * @param virtualServers in the order in which they were added
 */
public record DirectorSnapshot(List<VirtualServerSnapshot> virtualServers) {
  public DirectorSnapshot {
    virtualServers = List.copyOf(virtualServers);
  }
}
