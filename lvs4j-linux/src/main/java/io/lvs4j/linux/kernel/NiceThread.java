package io.lvs4j.linux.kernel;

import java.util.Optional;

/**
 * A thread that runs before others. Not in real time: at that, a thread that waits for another one
 * of the same JVM by spinning would keep it from the only processor.
 */
public final class NiceThread {
  private NiceThread() {}

  /**
   * Gives the calling thread a nice value below 0. Threads and processes that it starts have 0: the
   * callbacks' threads and the scripts are not to inherit it.
   *
   * @return why the kernel refused, mostly for want of CAP_SYS_NICE; empty when it did not
   */
  public static Optional<Errno> become(Kernel kernel, int nice) {
    int result =
        kernel.setScheduler(SocketConstants.SCHED_OTHER | SocketConstants.SCHED_RESET_ON_FORK);
    if (result >= 0) {
      result = kernel.setNice(nice);
    }
    return result < 0 ? Optional.of(Errno.ofResult(result)) : Optional.empty();
  }
}
