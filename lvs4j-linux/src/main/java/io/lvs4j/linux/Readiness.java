package io.lvs4j.linux;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits for several descriptors at once, and reads those that are ready. */
final class Readiness {
  // The kernel lets a poll last longer than asked for by up to a thousandth of it, and by five if
  // the thread has a nice value above 0 (fs/select.c, select_estimate_accuracy): 3.6 ms of 3.6 s.
  private static final int IMPRECISION = 128;
  private static final long PRECISE = Duration.ofMillis(10).toNanos();

  /** What is done when a descriptor is ready. */
  @FunctionalInterface
  interface Reader {
    void read(List<HostEvent> events) throws HostNetworkException;
  }

  private final Kernel kernel;
  private final List<Descriptor> descriptors = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();

  Readiness(Kernel kernel) {
    this.kernel = kernel;
  }

  void add(Descriptor descriptor, Reader reader) {
    descriptors.add(descriptor);
    readers.add(reader);
  }

  boolean contains(Descriptor descriptor) {
    return descriptors.contains(descriptor);
  }

  /**
   * Waits, and reads.
   *
   * @return whether anything was ready; if not, all were empty when the time was over
   */
  boolean await(long timeoutNanos, List<HostEvent> events) throws HostNetworkException {
    int[] numbers = descriptors.stream().mapToInt(Descriptor::value).toArray();
    var ready = new boolean[numbers.length];
    int result = poll(numbers, ready, timeoutNanos);
    if (Errno.EINTR.is(result)) {
      return true; // nothing is known; the caller looks at the clock and asks again
    }
    Refusal.check(result, Capability.NET_ADMIN, "wait for " + numbers.length + " descriptors");
    for (int i = 0; i < ready.length; i++) {
      if (ready[i]) {
        readers.get(i).read(events);
      }
    }
    return result > 0;
  }

  /** Polls in two steps if it is for long, so that it ends when it should. */
  private int poll(int[] numbers, boolean[] ready, long timeoutNanos) {
    if (timeoutNanos <= PRECISE) {
      return kernel.poll(numbers, ready, timeoutNanos);
    }
    long end = System.nanoTime() + timeoutNanos;
    int result = kernel.poll(numbers, ready, timeoutNanos - timeoutNanos / IMPRECISION);
    return result == 0 ? kernel.poll(numbers, ready, Math.max(0, end - System.nanoTime())) : result;
  }
}
