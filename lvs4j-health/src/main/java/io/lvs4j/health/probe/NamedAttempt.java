package io.lvs4j.health.probe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.lvs4j.api.HealthReport;
import io.lvs4j.api.NamedProbe;
import io.lvs4j.api.host.Exhaustion;
import io.lvs4j.health.verdict.WeightReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call of a probe that the application brought. */
final class NamedAttempt extends CallAttempt {
  private final NamedProbe probe;

  NamedAttempt(Assignment assignment, NamedProbe probe, AtomicBoolean slot) {
    super(assignment, probe.name() + " at " + assignment.at(), slot);
    this.probe = probe;
  }

  /**
   * Returns a platform thread: what strangers do may keep its carrier (a busy loop, a look-up of a
   * name that hangs in the C library), and a few such virtual threads keep all others waiting.
   */
  @Override
  Thread.Builder newThread() {
    return Thread.ofPlatform().daemon().name("lvs4j-health-probe");
  }

  @Override
  Runnable call() throws InterruptedException {
    var report = new CompletableFuture<@Nullable HealthReport>();
    try {
      var stage = probe.healthProbe().probe(at, check.connectTimeout());
      var _ =
          stage.whenComplete((found, failure) -> {
            if (failure != null) {
              report.completeExceptionally(failure);
            } else {
              report.complete(found);
            }
          });
      // The loop's timer ends the attempt first; this one ends a wait that was not interrupted.
      var found = report.get(2 * check.connectTimeout().toNanos(), NANOSECONDS);
      return () -> judge(found);
    } catch (InterruptedException cancelled) {
      throw cancelled;
    } catch (ExecutionException failed) {
      return () -> threw(failed.getCause());
    } catch (TimeoutException late) {
      return this::timedOut;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError failed) {
      return () -> threw(failed);
    }
  }

  private void judge(@Nullable HealthReport report) {
    if (report == null) {
      fail("no report", "a HealthReport");
    } else if (report.isUp()) {
      var weight = report.weight();
      pass(
          report.detail(),
          weight.isPresent() ? WeightReport.of(weight.getAsInt()) : WeightReport.NONE);
    } else {
      end(failure(report.detail()));
    }
  }

  private void threw(@Nullable Throwable failure) {
    if (failure == null || Exhaustion.of(failure).isEmpty() || !isOwnFault(failure)) {
      fail("threw " + failure, "a HealthReport");
    }
  }

  @Override
  void timedOut() {
    failUnlessStalled("no report", "one within " + timeout());
  }

  @Override
  void stillUnderWay() {
    fail("the last call still goes on", "a report within " + timeout());
  }
}
