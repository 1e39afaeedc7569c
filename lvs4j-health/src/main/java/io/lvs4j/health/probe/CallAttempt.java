package io.lvs4j.health.probe;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that blocks, on a thread of its own. There is one at a time for each checker: a call
 * that outlives its attempt keeps its {@code slot}, so that hanging calls don't pile up.
 */
abstract class CallAttempt extends Attempt {
  private final AtomicBoolean slot;
  private @Nullable Thread thread;

  /**
   * Prepares an attempt.
   *
   * @param slot is true while a call of the same checker goes on
   */
  CallAttempt(Assignment assignment, String subject, AtomicBoolean slot) {
    super(assignment, subject);
    this.slot = slot;
  }

  /**
   * Does the work, on its thread.
   *
   * @return what ends the attempt, on the loop's thread
   * @throws InterruptedException when interrupted, which is how an attempt is cancelled
   */
  abstract Runnable call() throws InterruptedException;

  /** Ends the attempt because the last call still goes on. */
  abstract void stillUnderWay();

  @Override
  final void begin() {
    if (!slot.compareAndSet(false, true)) {
      awaitNext();
      stillUnderWay();
      return;
    }
    if (isTimed()) {
      awaitNext();
    }
    try {
      thread = newThread().start(this::run);
    } catch (RuntimeException | Error noThread) {
      slot.set(false);
      throw noThread;
    }
  }

  /** Returns what makes the thread. */
  Thread.Builder newThread() {
    return Thread.ofVirtual().name("lvs4j-health-call");
  }

  /** Says whether the connect timeout is to end the attempt. */
  boolean isTimed() {
    return true;
  }

  private void run() {
    Runnable ending;
    try {
      ending = call();
    } catch (InterruptedException cancelled) {
      // Nobody waits for this thread any more, and it ends here.
      return;
    } catch (RuntimeException | Error unexpected) {
      ending = () -> unexpected(unexpected);
    } finally {
      slot.set(false);
    }
    loop.execute(ending);
  }

  @Override
  final void release() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
