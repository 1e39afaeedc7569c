package io.lvs4j.benchmarks.proxy;

import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.util.Optional;

/**
 * Something that can stand between the client and the backends.
 *
 * @param name what the table calls it
 * @param version its version in its own words
 * @param launch how it is started
 */
record Contender(String name, String version, Launch launch) {
  /** Starts a contender before these backends. */
  interface Launch {
    Running start(Workspace workspace, Backends backends);
  }

  /**
   * A contender at work.
   *
   * @param name what the table calls it
   * @param configuration all that it was told
   * @param webPort where it takes HTTP
   * @param bulkPort where it takes bulk transfers
   * @param process its process; none if the client goes to a backend directly
   * @param heap what weighs its Java heap, if it has one
   */
  record Running(
      String name,
      String configuration,
      int webPort,
      int bulkPort,
      Optional<RunningProcess> process,
      Optional<Heap> heap) {}

  /** Weighs a Java heap after a collection. */
  interface Heap {
    long bytes();
  }

  Running start(Workspace workspace, Backends backends) {
    return launch.start(workspace, backends);
  }
}
