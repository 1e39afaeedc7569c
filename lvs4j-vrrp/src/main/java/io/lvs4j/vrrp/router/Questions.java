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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private final BiConsumer<Tracker, Reading> readings;
  private final Map<Tracker, Asked> questions = new LinkedHashMap<>();
  private final Map<WatchKey, List<Question>> files = new ConcurrentHashMap<>();
  private @Nullable WatchService watcher;

  private record Asked(Question question, Future<?> repeated) {}

  /**
   * Creates a round of questions that are yet to come.
   *
   * @param readings is told what is to be thought of the answers, on any thread
   */
  Questions(RouterLog log, BiConsumer<Tracker, Reading> readings) {
    this.log = log;
    this.readings = readings;
    this.timer = new ScheduledThreadPoolExecutor(1, task -> thread("lvs4j-vrrp-timer", task));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.executor = Executors.newCachedThreadPool(task -> thread("lvs4j-vrrp-tracker", task));
  }

  private static Thread thread(String name, Runnable task) {
    return Thread.ofPlatform().name(name).daemon().unstarted(task);
  }

  private void after(Duration delay, Runnable task) {
    if (!timer.isShutdown()) {
      var _ = timer.schedule(task, delay.toNanos(), NANOSECONDS);
    }
  }

  /** Asks the questions of these trackers from now on; those that are asked already go on. */
  void follow(Collection<Tracker> trackers) {
    for (var tracker : List.copyOf(questions.keySet())) {
      if (!trackers.contains(tracker)) {
        end(questions.remove(tracker));
      }
    }
    for (var tracker : trackers) {
      if (Question.isAsked(tracker) && !questions.containsKey(tracker)) {
        begin(tracker);
      }
    }
  }

  /**
   * An executor forgets a task that has thrown once, and its question would never be asked again.
   */
  private Runnable surviving(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error failure) {
        log.failed("trackers", failure);
      }
    };
  }

  private void begin(Tracker tracker) {
    var question =
        new Question(
            tracker,
            executor,
            this::after,
            read -> readings.accept(tracker, read),
            remark -> log.log(Level.WARNING, remark, null));
    long interval = tracker.interval().toNanos();
    questions.put(
        tracker,
        new Asked(
            question,
            timer.scheduleAtFixedRate(surviving(question::ask), 0, interval, NANOSECONDS)));
    if (tracker.source() instanceof TrackerSource.File(Path path)) {
      watchFile(question, path);
    }
  }

  private void end(@Nullable Asked asked) {
    if (asked != null) {
      asked.repeated.cancel(false);
      asked.question.close();
      files.values().forEach(watching -> watching.remove(asked.question));
    }
  }

  /** Where files can't be watched they are read as often as the interval says. */
  private void watchFile(Question question, Path path) {
    try {
      var opened = watcher;
      if (opened == null) {
        opened = FileSystems.getDefault().newWatchService();
        watcher = opened;
        var followed = opened;
        thread("lvs4j-vrrp-files", () -> follow(followed)).start();
      }
      watch(opened, question, path);
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
        files.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>()).add(question);
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
        files.getOrDefault(key, List.of()).forEach(question -> surviving(question::askAgain).run());
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
    questions.values().forEach(asked -> asked.question.close());
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
