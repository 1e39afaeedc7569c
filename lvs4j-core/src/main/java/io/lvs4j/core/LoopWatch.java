package io.lvs4j.core;

import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks four times a second whether the threads of a director are there, on a thread that does
 * nothing else, and tells of the first that has ended.
 */
final class LoopWatch implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(250);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final LoopFaults faults =
      new LoopFaults("lvs4j-watch", LoopLogger.of(LoopWatch.class, System::nanoTime));
  private final Supplier<List<LoopSnapshot>> loops;
  private final Consumer<LoopSnapshot> whenEnded;

  /**
   * Begins to look.
   *
   * @param whenEnded is called on the thread of the watch, once
   */
  LoopWatch(Supplier<List<LoopSnapshot>> loops, Consumer<LoopSnapshot> whenEnded) {
    this.loops = loops;
    this.whenEnded = whenEnded;
    Thread.ofPlatform().name("lvs4j-watch").daemon().start(this::run);
  }

  private void run() {
    while (true) {
      try {
        if (closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        var ended = loops.get().stream().filter(loop -> !loop.alive()).findFirst();
        if (ended.isPresent() && closed.getCount() > 0) {
          whenEnded.accept(ended.get());
          return;
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable fault) {
        // There was no memory to look, say. The next look is soon.
        faults.survived("a look at the loops", fault);
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
