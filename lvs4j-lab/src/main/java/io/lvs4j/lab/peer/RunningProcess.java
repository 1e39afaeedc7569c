package io.lvs4j.lab.peer;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that this JVM has started, with all that it has started in turn. Its standard output
 * can be read; its standard error goes to a file, which is quoted when something fails.
 */
public final class RunningProcess implements AutoCloseable {
  private static final Duration TO_LISTEN = Duration.ofSeconds(60);
  private static final Duration TO_END = Duration.ofSeconds(3);

  private final String name;
  private final Process process;
  private final Path errors;
  private final BufferedReader output;
  private final BufferedWriter input;

  private RunningProcess(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
  }

  static RunningProcess start(String name, List<String> command, Path directory) {
    Path errors = directory.resolve("stderr");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      return new RunningProcess(name, process, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " can't be started", e);
    }
  }

  /** Returns the process id. */
  public long pid() {
    return process.pid();
  }

  /** Says whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until a TCP port of the loopback address accepts connections. */
  public RunningProcess awaitListening(int port) {
    await(name + " listening on port " + port)
        .atMost(TO_LISTEN)
        .pollInterval(Duration.ofMillis(10))
        .failFast(this::assertAlive)
        .until(() -> accepts(port));
    return this;
  }

  private void assertAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + ": ended (expected: running); " + log());
    }
  }

  private static boolean accepts(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Sends a line to its standard input and returns the next line of its standard output. */
  public String ask(String question) {
    try {
      input.write(question);
      input.newLine();
      input.flush();
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": no answer to " + question + "; " + log(), e);
    }
  }

  /** Returns the next line of its standard output; waits for it. */
  public String line() {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new IllegalStateException(name + ": end of output (expected: a line); " + log());
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": output can't be read", e);
    }
  }

  /** Kills it when it lives longer; interrupting the thread calls that off. */
  Thread killAfter(Duration atMost) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            if (!process.waitFor(atMost)) {
              kill();
            }
          } catch (InterruptedException calledOff) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Waits for its end and returns all that it printed; longer than the time given is an error. */
  public String finish(Duration atMost) {
    Thread deadline = killAfter(atMost);
    try {
      String text = output.readAllAsString();
      int status = process.onExit().join().exitValue();
      if (status != 0) {
        throw new IllegalStateException(
            name
                + ": exit status "
                + status
                + " (expected: 0 within "
                + atMost.toSeconds()
                + " s); "
                + text
                + log());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": output can't be read", e);
    } finally {
      deadline.interrupt();
    }
  }

  /**
   * Kills it and all that it has started, with no chance to say goodbye, and waits for the end.
   * They are stopped first, so that no child learns of its parent's death and ends in an orderly
   * way.
   */
  public void kill() {
    List<ProcessHandle> family = family().toList();
    signal("STOP", family);
    family.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    // Java looks after processes that it has not started itself once in two seconds only.
    await(name + " and its children ended")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Makes it and all that it has started stand still, until {@link #resume}. */
  public void pause() {
    signal("STOP", family().toList());
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    signal("CONT", family().toList());
  }

  // Java has no other signals than those to end. Some of the family may have ended meanwhile.
  private void signal(String signal, List<ProcessHandle> family) {
    var command = new ArrayList<>(List.of("sh", "-c", "kill -" + signal + " \"$@\" 2>&1", "sh"));
    family.forEach(member -> command.add(Long.toString(member.pid())));
    try {
      Process kill = new ProcessBuilder(command).start();
      kill.getInputStream().readAllBytes();
      kill.onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": signal " + signal + " can't be sent", e);
    }
  }

  /** Asks it to end, waits, and kills what is left. */
  @Override
  public void close() {
    List<ProcessHandle> family = family().toList();
    process.destroy();
    process.onExit().completeOnTimeout(process, TO_END.toSeconds(), TimeUnit.SECONDS).join();
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(member -> member.onExit().join());
  }

  /** Returns what it and all that it has started use. */
  public ProcessUsage usage() {
    return family()
        .map(member -> ProcessUsage.of(member.pid()))
        .reduce(ProcessUsage.NONE, ProcessUsage::plus);
  }

  // Itself first: a master that outlived its workers for a moment would start new ones.
  private Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  /** Returns what it has written to its standard error so far. */
  public String log() {
    try {
      return Files.readString(errors).strip();
    } catch (IOException e) {
      return "its standard error can't be read: " + e.getMessage();
    }
  }

  @Override
  public String toString() {
    return name + " (process " + pid() + ")";
  }
}
