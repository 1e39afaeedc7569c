package io.lvs4j.core.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs on the loop what callers on any thread ask for, and completes their futures there. */
final class Stages {
  private final EngineLoop loop;
  private final BooleanSupplier closed;

  /**
   * Creates them for a loop.
   *
   * @param closed whether nothing may be begun any more
   */
  Stages(EngineLoop loop, BooleanSupplier closed) {
    this.loop = loop;
    this.closed = closed;
  }

  /** Returns what an action on the loop returns. */
  <T extends @Nullable Object> CompletableFuture<T> call(Supplier<T> action) {
    return compose(() -> CompletableFuture.completedFuture(action.get()));
  }

  /** Completes as the stage does that an action on the loop returns. */
  <T extends @Nullable Object> CompletableFuture<T> compose(Supplier<CompletableFuture<T>> action) {
    var result = new CompletableFuture<T>();
    Runnable task =
        () -> {
          try {
            if (closed.getAsBoolean()) {
              throw new IllegalStateException("director: CLOSED (expected: RUNNING)");
            }
            var _ =
                action
                    .get()
                    .whenComplete((value, failure) ->
                        onThisLoop(() -> {
                          if (failure == null) {
                            result.complete(value);
                          } else {
                            result.completeExceptionally(unwrapped(failure));
                          }
                        }));
          } catch (Throwable failure) {
            // An Error of foreign code fails the call, and its caller doesn't wait for ever.
            result.completeExceptionally(failure);
          }
        };
    if (loop.isCurrent()) {
      task.run();
    } else {
      try {
        loop.execute(task);
      } catch (IllegalStateException ended) {
        result.completeExceptionally(ended);
      }
    }
    return result;
  }

  /** Runs a task on the loop, or here when the loop has ended: nobody may wait for ever. */
  private void onThisLoop(Runnable task) {
    if (loop.isCurrent()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (IllegalStateException ended) {
      task.run();
    }
  }

  /** Returns what went wrong, without what futures wrap around it. */
  static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }
}
