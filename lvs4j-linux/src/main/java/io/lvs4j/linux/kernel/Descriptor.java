package io.lvs4j.linux.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The owner of a file descriptor: whoever has it closes it, once. One that is forgotten is closed
 * when its owner is collected, with a warning that says what it was.
 */
public final class Descriptor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Descriptor.class.getName());
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Set<Ownership> OPEN = ConcurrentHashMap.newKeySet();

  private final Ownership ownership;
  private final Cleaner.Cleanable cleanable;

  /**
   * Takes ownership of a descriptor.
   *
   * @param what what it is, for warnings and errors
   */
  public Descriptor(Kernel kernel, int value, String what) {
    this.ownership = new Ownership(kernel, value, what);
    OPEN.add(ownership);
    this.cleanable = CLEANER.register(this, ownership);
  }

  /** Returns what is open just now, in words; a test that has closed everything finds nothing. */
  public static List<String> open() {
    return OPEN.stream().map(ownership -> ownership.what).sorted().toList();
  }

  /**
   * Returns the number.
   *
   * @throws IllegalStateException when it has been closed: the number may belong to another by now
   */
  public int value() {
    if (!OPEN.contains(ownership)) {
      throw new IllegalStateException(ownership.what + ": closed (expected: open)");
    }
    return ownership.value;
  }

  /** Closes it. Calling this again does nothing. */
  @Override
  public void close() {
    ownership.closedByOwner = true;
    cleanable.clean();
  }

  @Override
  public String toString() {
    return ownership.what;
  }

  /** What the cleaner runs; it must not reach the descriptor, or that would never be collected. */
  private static final class Ownership implements Runnable {
    private final Kernel kernel;
    private final int value;
    private final String what;
    private volatile boolean closedByOwner;

    Ownership(Kernel kernel, int value, String what) {
      this.kernel = kernel;
      this.value = value;
      this.what = what;
    }

    @Override
    public void run() {
      OPEN.remove(this);
      if (!closedByOwner) {
        LOG.log(Level.WARNING, "{0}: leaked, and closed by the collector", what);
      }
      int result = kernel.close(value);
      // EINTR and EIO leave it closed too, close(2); only EBADF tells of a second owner.
      if (result < 0) {
        LOG.log(Level.WARNING, "close {0}: {1}", what, Errno.ofResult(result));
      }
    }
  }
}
