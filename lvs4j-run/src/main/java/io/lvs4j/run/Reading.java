package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A configuration that is being read, on a thread of its own: neither a file system that doesn't
 * answer nor a text that takes long keeps the process from hearing a signal.
 */
final class Reading {
  /** What the process is told when reading is over; not the name of a signal. */
  static final String OVER = "read";

  /** A text that may be read is read much sooner; this is for a file system that doesn't answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ConfigurationFile file;
  private final long began = System.nanoTime();
  private final CompletableFuture<KeepalivedConfiguration> result = new CompletableFuture<>();

  private Reading(ConfigurationFile file) {
    this.file = file;
  }

  /** Begins to read, and adds {@link #OVER} to the queue in the end. */
  static Reading begin(ConfigurationFile file, BlockingQueue<String> told) {
    var reading = new Reading(file);
    Thread.ofPlatform()
        .daemon()
        .name("lvs4j-reading")
        .start(() -> {
          try {
            reading.result.complete(file.read());
          } catch (Throwable failed) {
            // Errors too: whoever waits is to know why there is nothing.
            reading.result.completeExceptionally(failed);
          } finally {
            var _ = told.offer(OVER);
          }
        });
    return reading;
  }

  /** Waits until reading is over, or has taken too long. */
  void await() throws InterruptedException {
    try {
      var _ = result.get(left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      // It is thrown to whoever asks for the configuration.
      return;
    } catch (TimeoutException late) {
      giveUp();
    }
  }

  /** Returns how much longer it is waited for. */
  Duration left() {
    var left = PATIENCE.minusNanos(System.nanoTime() - began);
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean isOver() {
    return result.isDone();
  }

  /** Waits no longer. */
  void giveUp() {
    result.completeExceptionally(
        new InvalidConfigurationException(
            List.of(
                new Problem(
                    file.toString(),
                    "not read after " + PATIENCE.toSeconds() + " s",
                    "a file that can be read at once"))));
  }

  /**
   * Returns what was read.
   *
   * @throws InvalidConfigurationException when it can't be read, or there is nothing in it to run
   */
  KeepalivedConfiguration configuration() {
    try {
      return result.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof InvalidConfigurationException wrong) {
        throw wrong;
      }
      throw new InvalidConfigurationException(
          List.of(
              new Problem(
                  file.toString(),
                  "not read: " + failed.getCause(),
                  "a configuration that fits into the memory of this process")));
    }
  }
}
