package io.lvs4j.lab.vrrp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.LabNetwork;
import org.junit.jupiter.api.Assumptions;

/** The programs that tests let compete; a test is skipped by name where it can't run. */
enum Peers {
  LVS4J,
  KEEPALIVED;

  /** Skips the test unless there can be networks that are recorded. */
  static void assumeLab() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    Capture.obstacle().ifPresent(Assumptions::abort);
  }

  /** Returns the program, or skips the test. */
  RouterProgram program(String... keepalivedGlobals) {
    return switch (this) {
      case LVS4J -> Lvs4jProgram.small();
      case KEEPALIVED -> {
        var found = RouterProgram.keepalived(keepalivedGlobals);
        assumeTrue(found.isPresent(), "keepalived is not installed");
        yield found.orElseThrow();
      }
    };
  }
}
