package io.lvs4j.lab.network;

import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NiceThread;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Threads of a client or a service, which run before all others. Hosts that would have processors
 * of their own share this one's, and what one host computes is not to be seen as an outage by
 * another.
 */
final class Foremost {
  private static final Logger LOG = System.getLogger(Foremost.class.getName());
  private static final int NICE = -15;

  private Foremost() {}

  /** Makes the calling thread one of them, if this process may. */
  static void become() {
    NiceThread.become(new NativeKernel(), NICE)
        .ifPresent(refused ->
            LOG.log(
                Level.WARNING,
                "nice value {0}: refused by {1} (expected: CAP_SYS_NICE); outages seem longer",
                NICE,
                refused));
  }
}
