package io.lvs4j.spring.boot;

import io.lvs4j.core.Director;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the director after the web server, and stops it before the web server stops taking
 * requests: first the virtual addresses go, then the connections drain.
 */
final class DirectorLifecycle implements SmartLifecycle {
  /** Between the web server's graceful shutdown, at DEFAULT_PHASE - 1024, and the default. */
  static final int PHASE = DEFAULT_PHASE - 512;

  private final Director director;
  private @Nullable CountDownLatch running;

  DirectorLifecycle(Director director) {
    this.director = director;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public synchronized void start() {
    if (running != null) {
      return;
    }
    director.start();
    var stopped = new CountDownLatch(1);
    running = stopped;
    keepAlive(stopped);
  }

  /** All threads of a director are daemons: without one that is not, the application would end. */
  private static void keepAlive(CountDownLatch stopped) {
    Thread.ofPlatform()
        .name("lvs4j-keep-alive")
        .daemon(false)
        .start(() -> {
          try {
            stopped.await();
          } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Does not hold up those that stop in the same phase. */
  @Override
  public void stop(Runnable callback) {
    Thread.ofPlatform()
        .name("lvs4j-stop")
        .start(() -> {
          try {
            stop();
          } finally {
            callback.run();
          }
        });
  }

  @Override
  public void stop() {
    CountDownLatch stopped;
    synchronized (this) {
      stopped = running;
      running = null;
    }
    if (stopped == null) {
      return;
    }
    try {
      director.stop();
    } finally {
      stopped.countDown();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return running != null;
  }
}
