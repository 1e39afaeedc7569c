package io.lvs4j.health;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.probe.Cancellable;
import io.lvs4j.health.probe.HealthLog;
import io.lvs4j.health.probe.ProbeLoop;
import io.lvs4j.health.verdict.CheckState;
import io.lvs4j.health.verdict.WeightReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All checkers of one real server: they run on the loop's thread, the verdict is read from any. */
final class TargetWatch implements Watch {
  private final ProbeLoop loop;
  private final Endpoint target;
  private final HealthListener listener;
  private final Consumer<Watch> onClose;
  private final List<Checker> checkers;

  /**
   * Held while the verdict changes and the listener is told, so that close can wait for the end.
   */
  private final ReentrantLock telling = new ReentrantLock();

  private volatile boolean up;

  /** Whether the listener has heard nothing of it yet; of the loop's thread. */
  private boolean assumed = true;

  private volatile WeightReport weight = WeightReport.NONE;
  private volatile String detail = "";
  private volatile @Nullable Instant since;
  private volatile boolean closed;
  private volatile boolean suspended;

  /** Whether checks are made, and ever were; of the loop's thread. */
  private boolean running;

  private boolean begun;
  private final Cancellable lookedAfter;

  TargetWatch(
      ProbeLoop loop,
      Endpoint target,
      List<HealthCheck> checks,
      HealthListener listener,
      DoubleSupplier phases,
      Consumer<Watch> onClose) {
    this.loop = loop;
    this.target = target;
    this.listener = listener;
    this.onClose = onClose;
    long now = loop.now();
    this.checkers =
        checks.stream()
            .map(check -> checker(check, CheckState.begin(check, phases.getAsDouble(), now)))
            .toList();
    this.up = allUp();
    this.lookedAfter = loop.lookAfter(this::lookAfter, this::revive);
  }

  private void lookAfter() {
    if (running) {
      checkers.forEach(Checker::lookAfter);
    }
  }

  /** Goes on, on a loop that takes the place of one that has ended. */
  private void revive() {
    if (running) {
      checkers.forEach(Checker::cancel);
      checkers.forEach(Checker::resume);
    } else {
      resumeOnLoop();
    }
  }

  /** Begins to check. */
  void begin() {
    loop.execute(this::resumeOnLoop);
  }

  @Override
  public void suspend() {
    suspended = true;
    loop.execute(() -> {
      if (suspended && running) {
        running = false;
        checkers.forEach(Checker::cancel);
      }
    });
  }

  @Override
  public void resume() {
    suspended = false;
    loop.execute(this::resumeOnLoop);
  }

  private void resumeOnLoop() {
    if (!closed && !suspended && !running) {
      running = true;
      checkers.forEach(begun ? Checker::resume : Checker::await);
      begun = true;
    }
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public int weight(int configured) {
    return weight.effective(configured);
  }

  @Override
  public String detail() {
    return detail;
  }

  @Override
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  @Override
  public void close() {
    telling.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      telling.unlock();
    }
    onClose.accept(this);
    lookedAfter.cancel();
    loop.execute(() -> checkers.forEach(Checker::cancel));
  }

  private void concluded() {
    telling.lock();
    try {
      if (!closed) {
        detail = describe();
        boolean upNow = allUp();
        var weightNow = CheckState.weightOf(states());
        boolean reweighted = !weightNow.equals(weight);
        weight = weightNow;
        boolean changed = upNow != up;
        if (isKnown(upNow) && (changed || since == null)) {
          since = Instant.now();
        }
        if (changed) {
          up = upNow;
          assumed = false;
          HealthLog.log(DEBUG, "real server " + target + (upNow ? " up: " : " down: ") + detail);
          tell(() -> listener.onVerdict(up, detail));
        } else if (assumed && !up && checkers.stream().anyMatch(Checker::lastFailed)) {
          assumed = false;
          HealthLog.log(DEBUG, "real server " + target + " found down: " + detail);
          tell(() -> listener.onFoundDown(detail));
        } else if (reweighted && up) {
          HealthLog.log(DEBUG, "real server " + target + " weighs otherwise: " + detail);
          tell(() -> listener.onWeight(detail));
        }
      }
    } finally {
      telling.unlock();
    }
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error thrown) {
      HealthLog.log(ERROR, "listener to the health of " + target + " has thrown", thrown);
    }
  }

  private Checker checker(HealthCheck check, CheckState state) {
    return new Checker(loop, target, check, state, this::concluded);
  }

  private boolean allUp() {
    return CheckState.allUp(states());
  }

  /** One checker that has failed is enough to know; that all is well takes all of them. */
  private boolean isKnown(boolean upNow) {
    return upNow
        ? states().stream().allMatch(CheckState::checked)
        : checkers.stream()
            .anyMatch(each -> each.state().checked() && !each.state().up() && each.lastFailed());
  }

  private List<CheckState> states() {
    return checkers.stream().map(Checker::state).toList();
  }

  /** Returns the findings of those that failed, or of all where none did. */
  private String describe() {
    boolean anyFailed = checkers.stream().anyMatch(Checker::lastFailed);
    return checkers.stream()
        .filter(checker -> checker.lastFailed() == anyFailed)
        .map(Checker::detail)
        .filter(found -> !found.isEmpty())
        .collect(Collectors.joining("; "));
  }
}
