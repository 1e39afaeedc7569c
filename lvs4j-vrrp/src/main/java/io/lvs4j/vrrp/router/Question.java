package io.lvs4j.vrrp.router;

import io.lvs4j.api.Program;
import io.lvs4j.api.host.Exhaustion;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.vrrp.machine.CheckCounter;
import io.lvs4j.vrrp.machine.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a tracker asks, again and again, but never a second time while the first has not been
 * answered. No answer in time is a bad one, at once and at each further turn.
 */
final class Question {
  private final Tracker tracker;
  private final Executor executor;
  private final Timer timer;
  private final Consumer<Reading> readings;
  private CheckCounter counter;
  private final Consumer<String> remarks;
  private String lastUnanswered = "";
  private Reading last = new Reading.Unknown();
  private @Nullable Attempt attempt;
  private boolean again;
  private boolean closed;

  /** Runs a task once after a delay. */
  @FunctionalInterface
  interface Timer {
    void after(Duration delay, Runnable task);
  }

  private static final class Attempt {
    volatile @Nullable Thread thread;
    boolean overdue;
  }

  /** What came of one attempt. */
  private sealed interface Answer {
    record Verdict(boolean good, String reason) implements Answer {}

    record Value(int value) implements Answer {}

    /** The host had nothing left to ask with: what was thought before still holds. */
    record None(String reason) implements Answer {}
  }

  /**
   * Creates the question.
   *
   * @param executor where it is asked, and may block
   * @param readings is told of each change of what is to be thought of the answers
   * @param remarks is told why the question couldn't be asked
   */
  Question(
      Tracker tracker,
      Executor executor,
      Timer timer,
      Consumer<Reading> readings,
      Consumer<String> remarks) {
    this.remarks = remarks;
    this.tracker = tracker;
    this.executor = executor;
    this.timer = timer;
    this.readings = readings;
    this.counter = CheckCounter.of(tracker);
    if (counter.known() && isVerdict()) {
      tell(new Reading.Bad("not asked yet"));
    }
  }

  Tracker tracker() {
    return tracker;
  }

  /** Says whether a tracker has a question: what it looks at doesn't tell of itself. */
  static boolean isAsked(Tracker tracker) {
    return switch (tracker.source()) {
      case TrackerSource.NetworkInterface _, TrackerSource.Quorum _ -> false;
      case TrackerSource.Check _,
          TrackerSource.Offset _,
          TrackerSource.Script _,
          TrackerSource.File _ ->
          true;
    };
  }

  private boolean isVerdict() {
    return tracker.source() instanceof TrackerSource.Check
        || tracker.source() instanceof TrackerSource.Script;
  }

  /** Asks, unless it is being asked. */
  synchronized void ask() {
    if (attempt != null) {
      if (attempt.overdue) {
        take(noAnswer());
      }
      return;
    }
    begin();
  }

  /** Asks, once more if it is being asked: what was asked about may have changed since. */
  synchronized void askAgain() {
    if (attempt == null) {
      begin();
    } else {
      again = true;
    }
  }

  /** Asks no more, and tells no more. */
  synchronized void close() {
    closed = true;
  }

  private void begin() {
    if (closed) {
      return;
    }
    var fresh = new Attempt();
    attempt = fresh;
    again = false;
    try {
      // The timer first: an attempt that can't be made must not hang, once it can't be timed.
      timer.after(tracker.timeout(), () -> overdue(fresh));
      executor.execute(() -> run(fresh));
    } catch (RuntimeException | Error noThread) {
      // The next turn tries again.
      attempt = null;
      take(new Answer.None(RouterLog.words(noThread)));
    }
  }

  private void run(Attempt mine) {
    mine.thread = Thread.currentThread();
    Answer answer;
    try {
      answer = answer();
    } catch (InterruptedException interrupted) {
      answer = noAnswer();
    } catch (Throwable failure) { // a checked one, too, if its compiler lets it
      answer = failed(failure);
    }
    synchronized (this) {
      mine.thread = null;
      // An interrupt that came too late is not for the next one on this thread.
      var _ = Thread.interrupted();
      attempt = null;
      if (!mine.overdue) {
        take(answer);
      }
      if (again) {
        begin();
      }
    }
  }

  private synchronized void overdue(Attempt late) {
    if (attempt != late) {
      return;
    }
    late.overdue = true;
    take(noAnswer());
    var thread = late.thread;
    if (thread != null && !(tracker.source() instanceof TrackerSource.Script)) {
      thread.interrupt();
    }
  }

  private Answer failed(Throwable failure) {
    var lacking = Exhaustion.of(failure);
    if (lacking.isPresent()) {
      return new Answer.None(lacking.get().words() + " (" + lacking.get().remedy() + ")");
    }
    return isVerdict() ? new Answer.Verdict(false, RouterLog.words(failure)) : new Answer.Value(0);
  }

  private Answer noAnswer() {
    return isVerdict()
        ? new Answer.Verdict(false, "no answer within " + tracker.timeout().toMillis() + " ms")
        : new Answer.Value(0);
  }

  private Answer answer() throws InterruptedException {
    return switch (tracker.source()) {
      case TrackerSource.Check(var question) ->
          new Answer.Verdict(question.getAsBoolean(), "the answer is no");
      case TrackerSource.Offset(var number) -> new Answer.Value(number.getAsInt());
      case TrackerSource.Script(Program program) -> {
        var outcome = ProgramRun.run(program, tracker.timeout());
        yield outcome instanceof ProgramRun.Outcome.NotStarted
            ? new Answer.None(outcome.words())
            : new Answer.Verdict(outcome.isGood(), outcome.words());
      }
      case TrackerSource.File(Path path) -> number(path);
      case TrackerSource.NetworkInterface _, TrackerSource.Quorum _ ->
          throw new IllegalStateException(tracker + ": told of, not asked");
    };
  }

  /** Returns the number in a file, in the notation of C; 0 when there is none. */
  private static Answer number(Path path) {
    try {
      return new Answer.Value(Integer.decode(Files.readString(path).strip()));
    } catch (IOException unreadable) {
      return Exhaustion.of(unreadable).isPresent()
          ? new Answer.None(String.valueOf(unreadable.getMessage()))
          : new Answer.Value(0);
    } catch (NumberFormatException noNumber) {
      return new Answer.Value(0);
    }
  }

  private void take(Answer answer) {
    switch (answer) {
      case Answer.None(String reason) -> unanswered(reason);
      case Answer.Value(int value) -> tell(new Reading.Value(value));
      case Answer.Verdict(boolean good, String reason) -> {
        boolean was = counter.isGood();
        boolean known = counter.known();
        counter = counter.after(good);
        if (counter.isGood() != was || !known) {
          tell(counter.isGood() ? new Reading.Good() : new Reading.Bad(reason));
        }
      }
    }
  }

  private void unanswered(String reason) {
    if (!reason.equals(lastUnanswered)) {
      lastUnanswered = reason;
      remarks.accept("tracker " + tracker.name() + ": not asked: " + reason);
    }
  }

  private void tell(Reading reading) {
    if (!closed && !reading.equals(last)) {
      last = reading;
      readings.accept(reading);
    }
  }
}
