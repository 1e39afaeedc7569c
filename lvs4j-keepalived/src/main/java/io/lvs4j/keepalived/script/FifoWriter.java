package io.lvs4j.keepalived.script;

import io.lvs4j.api.RunningProgram;
import io.lvs4j.api.host.Exhaustion;
import io.lvs4j.api.vrrp.Priority;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines into a named pipe, on a thread of its own: nobody waits for a reader. When nobody
 * reads and {@link #MOST_WAITING} lines are waiting, further ones are dropped, which is told once.
 * The pipe is made if it isn't there, and removed again with the end of the process; so is the
 * script that reads it.
 */
final class FifoWriter {
  /** How many lines may wait for a reader, beside the 64 KiB that the kernel keeps. */
  static final int MOST_WAITING = 1000;

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_LINES = Duration.ofSeconds(1);
  private static final System.Logger LOG = System.getLogger(FifoWriter.class.getName());
  private static final Map<Path, FifoWriter> OPEN = new ConcurrentHashMap<>();

  private final Path path;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Optional<String> owner;
  private final Optional<ScriptCommand> script;
  private final Thread thread;
  private final Map<String, Last> instances = new ConcurrentHashMap<>();
  private boolean told;
  private volatile boolean made;
  private volatile @Nullable RunningProgram reader;
  private final CountDownLatch over = new CountDownLatch(1);
  private String lastFailure = "";

  private FifoWriter(Path path, Optional<String> owner, Optional<ScriptCommand> script) {
    this.path = path;
    this.owner = owner;
    this.script = script;
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("lvs4j-fifo-end").unstarted(this::end));
    this.thread = Thread.ofPlatform().daemon().name("lvs4j-fifo").start(this::run);
  }

  /** Returns the writer of a pipe, the same for all events of the process. */
  static FifoWriter of(Path path, Optional<String> owner, Optional<ScriptCommand> script) {
    return OPEN.computeIfAbsent(path, each -> new FifoWriter(each, owner, script));
  }

  /**
   * What is known of an instance from the events before: an event says only what it is about.
   *
   * @param master whether it is master
   * @param priority its effective priority
   */
  record Last(boolean master, Priority priority) {}

  /** Returns what is known of an instance. */
  Optional<Last> last(String instance) {
    return Optional.ofNullable(instances.get(instance));
  }

  /** Keeps what became known of an instance. */
  void keep(String instance, boolean master, Priority priority) {
    instances.put(instance, new Last(master, priority));
  }

  /** Has a line written after those before it. */
  synchronized void write(String line) {
    if (lines.offer(line + "\n")) {
      told = false;
    } else if (!told) {
      told = true;
      LOG.log(Level.WARNING, "{0}: nobody reads it; lines are dropped", path);
    }
  }

  private void run() {
    do {
      try {
        make();
        start();
        // Open for both, so that neither the opening nor a reader that ends stops the writer.
        try (var pipe = new RandomAccessFile(path.toFile(), "rw")) {
          for (var line = lines.take(); !line.isEmpty(); line = lines.take()) {
            pipe.write(line.getBytes(StandardCharsets.UTF_8));
          }
        }
        return;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException | RuntimeException | Error failed) {
        var lacking = Exhaustion.of(failed);
        if (lacking.isEmpty() && failed instanceof IOException) {
          log(Level.ERROR, path + ": " + failed.getMessage() + "; nothing is written to it");
          return;
        }
        tellOnce(path + ": " + lacking.map(Exhaustion::words).orElse(failed.toString()));
      }
    } while (pause());
  }

  private void tellOnce(String failure) {
    if (!failure.equals(lastFailure)) {
      lastFailure = failure;
      log(Level.ERROR, failure + "; it is tried again");
    }
  }

  /** Returns whether the process goes on after a while. */
  private boolean pause() {
    try {
      return !over.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void log(Level level, String text) {
    try {
      LOG.log(level, text);
    } catch (RuntimeException | Error failed) {
      // A logger that fails must not end the thread that writes the next line.
      Thread.onSpinWait();
    }
  }

  private void make() throws IOException, InterruptedException {
    if (Files.exists(path)) {
      if (Files.isRegularFile(path) || Files.isDirectory(path)) {
        throw new IOException("not a pipe (expected: a FIFO, or nothing)");
      }
      return;
    }
    run("mkfifo", "-m", "600", path.toString());
    made = true;
    own();
  }

  /**
   * A pipe whose owner is named is his and his group's, whoever reads it. Otherwise the script
   * reads it as its own user, whom it has to belong to.
   */
  private void own() throws IOException, InterruptedException {
    var user = owner.or(() -> script.flatMap(each -> each.program().user()));
    if (user.isPresent()) {
      // With nothing behind the colon it is the group of the user.
      var name = user.get();
      run("chown", name.contains(":") ? name : name + ":", path.toString());
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(command[0] + ": status " + process.exitValue());
    }
  }

  private void start() throws IOException {
    if (script.isPresent() && reader == null) {
      reader = RunningProgram.start(script.get().with(path.toString()).program());
    }
  }

  /** What is waiting is written first, if somebody reads. */
  private void end() {
    over.countDown();
    try {
      var _ = lines.offer("") && thread.join(LAST_LINES);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    var running = reader;
    if (running != null) {
      running.terminate();
    }
    if (made) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException refused) {
        LOG.log(Level.WARNING, "{0}: {1}", path, refused.getMessage());
      }
    }
  }
}
