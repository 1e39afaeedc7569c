package io.lvs4j.core.fault;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls in {@link FaultyClasses} at which an Error can be thrown. One at a time is armed, and
 * throws once, on a thread whose name begins with the prefix.
 */
public final class FaultPoints {
  private static final Set<String> SEEN = new ConcurrentSkipListSet<>();
  private static final AtomicInteger THROWN = new AtomicInteger();
  private static final AtomicInteger LEFT = new AtomicInteger();
  private static volatile String threads = "";
  private static volatile @Nullable String armed;

  private FaultPoints() {}

  /** Is called before each call that may be made to throw. */
  public static void pass(String point) {
    if (!Thread.currentThread().getName().startsWith(threads)) {
      return;
    }
    SEEN.add(point);
    if (point.equals(armed) && LEFT.getAndDecrement() > 0) {
      THROWN.incrementAndGet();
      throw new InjectedError(point);
    }
  }

  /** Lets a point throw the next time that it is passed. */
  public static void arm(String point) {
    LEFT.set(1);
    armed = point;
  }

  /** Lets nothing throw any more. */
  public static void disarm() {
    armed = null;
  }

  /** Sets on which threads points are noticed and throw. */
  public static void on(String threadNamePrefix) {
    threads = threadNamePrefix;
    SEEN.clear();
  }

  /** Returns the points that were passed since the threads were set. */
  public static Set<String> seen() {
    return Set.copyOf(SEEN);
  }

  /** Returns how many have thrown. */
  public static int thrown() {
    return THROWN.get();
  }

  /** What is thrown: as an Error it passes whatever catches exceptions only. */
  private static final class InjectedError extends VirtualMachineError {
    private static final long serialVersionUID = 1L;

    InjectedError(String point) {
      super("injected before " + point);
    }
  }
}
