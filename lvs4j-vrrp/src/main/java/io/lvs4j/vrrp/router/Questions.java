package io.lvs4j.vrrp.router;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.vrrp.machine.Reading;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the questions of all trackers, each as often as it says, on threads where they may block. A
 * tracker that several instances have is asked once. Files are also read as soon as they change.
 */
final class Questions implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final RouterLog log;
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService executor;
  private final List<Question> questions = new ArrayList<>();
  private final Map<WatchKey, List<Question>> files = new HashMap<>();
  private @Nullable WatchService watcher;

  /**
   * Creates the questions of those trackers that have one.
   *
   * @param readings is told what is to be thought of the answers, on any thread
   */
  Questions(Collection<Tracker> trackers, RouterLog log, BiConsumer<Tracker, Reading> readings) {
    this.log = log;
    this.timer = new ScheduledThreadPoolExecutor(1, task -> thread("lvs4j-vrrp-timer", task));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.executor = Executors.newCachedThreadPool(task -> thread("lvs4j-vrrp-tracker", task));
    for (var tracker : trackers) {
      if (Question.isAsked(tracker)) {
        questions.add(
            new Question(tracker, executor, this::after, read -> readings.accept(tracker, read)));
      }
    }
  }

  private static Thread thread(String name, Runnable task) {
    return Thread.ofPlatform().name(name).daemon().unstarted(task);
  }

  private void after(Duration delay, Runnable task) {
    if (!timer.isShutdown()) {
      var _ = timer.schedule(task, delay.toNanos(), NANOSECONDS);
    }
  }

  /** Begins to ask. */
  void start() {
    for (var question : questions) {
      long interval = question.tracker().interval().toNanos();
      var _ = timer.scheduleAtFixedRate(question::ask, 0, interval, NANOSECONDS);
    }
    if (questions.stream()
        .anyMatch(each -> each.tracker().source() instanceof TrackerSource.File)) {
      watchFiles();
    }
  }

  /** Where files can't be watched they are read as often as the interval says. */
  private void watchFiles() {
    try {
      watcher = FileSystems.getDefault().newWatchService();
      for (var question : questions) {
        if (question.tracker().source() instanceof TrackerSource.File(Path path)) {
          watch(watcher, question, path);
        }
      }
      var opened = watcher;
      thread("lvs4j-vrrp-files", () -> follow(opened)).start();
    } catch (IOException refused) {
      log.log(Level.WARNING, "tracked files are not watched: " + refused.getMessage(), null);
    }
  }

  private void watch(WatchService opened, Question question, Path path) {
    var directory = path.toAbsolutePath().getParent();
    try {
      if (directory != null) {
        var key =
            directory.register(
                opened,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        files.computeIfAbsent(key, _ -> new ArrayList<>()).add(question);
      }
    } catch (IOException refused) {
      log.log(
          Level.WARNING,
          "tracker "
              + question.tracker().name()
              + ": "
              + directory
              + " is not watched ("
              + refused
              + "), the file is read every "
              + question.tracker().interval().toMillis()
              + " ms",
          null);
    }
  }

  private void follow(WatchService opened) {
    try {
      while (true) {
        var key = opened.take();
        key.pollEvents();
        files.getOrDefault(key, List.of()).forEach(Question::askAgain);
        key.reset();
      }
    } catch (ClosedWatchServiceException closed) {
      // That is how it ends.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends: what is being asked is interrupted, programs are killed. */
  @Override
  public void close() {
    questions.forEach(Question::close);
    timer.shutdownNow();
    executor.shutdownNow();
    try {
      if (watcher != null) {
        watcher.close();
      }
      if (!executor.awaitTermination(LAST_WORDS.toNanos(), NANOSECONDS)) {
        log.log(Level.WARNING, "trackers: still busy after the end; not waited for", null);
      }
    } catch (IOException refused) {
      log.log(Level.WARNING, "tracked files: " + refused.getMessage(), null);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
