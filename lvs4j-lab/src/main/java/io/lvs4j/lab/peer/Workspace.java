package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A temporary directory with the processes that work in it. Closing it ends the processes, the last
 * started first, and deletes the directory; so does the end of this JVM, an interrupt from the
 * keyboard too.
 */
public final class Workspace implements AutoCloseable {
  private static final Set<Workspace> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> OPEN.forEach(Workspace::close), "lvs4j-lab-workspace-exit"));
  }

  private final Path directory;
  private final Deque<RunningProcess> processes = new ArrayDeque<>();
  private boolean closed;

  private Workspace(Path directory) {
    this.directory = directory;
  }

  /** Creates an empty one. */
  public static Workspace create() {
    try {
      var workspace = new Workspace(Files.createTempDirectory("lvs4j-lab-"));
      OPEN.add(workspace);
      return workspace;
    } catch (IOException e) {
      throw new UncheckedIOException("temporary directory can't be created", e);
    }
  }

  /** Returns the directory itself. */
  public Path path() {
    return directory;
  }

  /** Returns a new, empty directory within. */
  public Path directory(String name) {
    try {
      return Files.createTempDirectory(directory, name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": no room for " + name, e);
    }
  }

  /** Starts a process that ends with this workspace at the latest. */
  public synchronized RunningProcess start(String name, List<String> command) {
    if (closed) {
      throw new IllegalStateException(name + ": not started (expected: an open workspace)");
    }
    var process = RunningProcess.start(name, command, directory(name));
    processes.push(process);
    return process;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    processes.forEach(RunningProcess::close);
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be deleted", e);
    }
    OPEN.remove(this);
  }
}
