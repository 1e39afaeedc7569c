package io.lvs4j.lab.seeds;

import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;

/** A director of a seed. */
interface RunningSeed {
  /**
   * Starts what the document calls keepalived: a director of this JVM, or, with {@code
   * -Dlvs4j.seeds=run}, {@code lvs4j run} as a process, which takes minutes in the guest.
   */
  static RunningSeed start(LvsSite site, Host host, String configuration) {
    return "run".equals(System.getProperty("lvs4j.seeds"))
        ? RunProgram.start(host, site.workspace(), configuration)
        : InnerDirector.start(host, patient(configuration));
  }

  /**
   * A script that has no {@code timeout} has the time of its {@code interval}, a second: too little
   * to begin one out of a JVM that does all else too, on a processor that others use.
   */
  private static String patient(String configuration) {
    return configuration.replaceAll("(?m)^( *)script \".*\"$", "$0\n$1timeout 60");
  }

  /** Lets it leave in an orderly way, and returns when it has. */
  void stop();
}
