package io.lvs4j.linux;

import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.SocketConstants;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A thread that runs before others. Not in real time: at that, a thread that waits for another one
 * of the same JVM by spinning would keep it from the only processor.
 */
final class NiceThread {
  private static final Logger LOG = System.getLogger(LinuxHostNetwork.class.getName());

  private NiceThread() {}

  /** Gives the calling thread a nice value below 0, if this process may, and else tells of it. */
  static void become(Kernel kernel, int nice) {
    // Without that flag the callbacks' threads and the scripts would inherit it.
    int result =
        kernel.setScheduler(SocketConstants.SCHED_OTHER | SocketConstants.SCHED_RESET_ON_FORK);
    if (result >= 0) {
      result = kernel.setNice(nice);
    }
    if (result < 0) {
      LOG.log(
          Level.INFO,
          "nice value of the VRRP thread: {0} refused by {1} (expected: CAP_SYS_NICE); adverts may"
              + " be late when processors are scarce",
          nice,
          Errno.ofResult(result));
    }
  }
}
