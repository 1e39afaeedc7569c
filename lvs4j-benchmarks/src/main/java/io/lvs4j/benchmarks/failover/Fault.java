package io.lvs4j.benchmarks.failover;

import io.lvs4j.lab.vrrp.Router;

/** What befalls the master. */
enum Fault {
  /** Program and service end by SIGKILL, as when a JVM that does both is killed. */
  KILL("kill -9, of the service too") {
    @Override
    void strike(Router master) {
      master.kill();
    }

    @Override
    void mend(Router master) {
      master.start();
    }
  },
  /** The program is asked to end. */
  GRACEFUL("graceful stop (SIGTERM)") {
    @Override
    void strike(Router master) {
      master.stop();
    }

    @Override
    void mend(Router master) {
      master.start();
    }
  },
  /** The cable is pulled: the card loses its carrier. */
  LINK_CUT("link cut") {
    @Override
    void strike(Router master) {
      master.host().pullCable();
    }

    @Override
    void mend(Router master) {
      master.host().plugCable();
    }
  },
  /** The program ends by SIGKILL; the service on the same host lives on. */
  PROGRAM_KILL("kill -9, the service lives on") {
    @Override
    void strike(Router master) {
      master.killProgramOnly();
    }

    @Override
    void mend(Router master) {
      master.start();
    }
  };

  private final String label;

  Fault(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  abstract void strike(Router master);

  /** Makes it as it was before. */
  abstract void mend(Router master);
}
