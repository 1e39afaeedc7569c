package io.lvs4j.lab.vrrp;

import static org.awaitility.Awaitility.await;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.lab.network.Beacon;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.ProcessUsage;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host with a router program, and with the service for whose sake it holds a virtual address: a
 * {@link Beacon}. Program and service start and end together, as in a JVM that does both.
 */
public final class Router implements AutoCloseable {
  private static final Duration TO_LISTEN = Duration.ofSeconds(60);

  private final Workspace workspace;
  private final Host host;
  private final RouterProgram program;
  private final List<VrrpInstance> instances;
  private final List<RunningProcess> runs = new ArrayList<>();
  private @Nullable RunningProcess process;
  private @Nullable Beacon service;

  /** Makes a router that is not running yet. */
  public Router(
      Workspace workspace, Host host, RouterProgram program, List<VrrpInstance> instances) {
    this.workspace = workspace;
    this.host = host;
    this.program = program;
    this.instances = List.copyOf(instances);
  }

  /** Returns where it is. */
  public Host host() {
    return host;
  }

  /** Returns what it runs. */
  public RouterProgram program() {
    return program;
  }

  /** Starts the service and the program. */
  public synchronized void start() {
    if (process != null) {
      throw new IllegalStateException(this + ": running (expected: not running)");
    }
    if (service == null) {
      service = Beacon.on(host);
    }
    process = host.start(workspace, program.command(workspace, instances));
    runs.add(process);
  }

  /** Waits until the program listens for adverts. */
  public void awaitListening() {
    await(this + " listening")
        .atMost(TO_LISTEN)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> program.isListening(running().log()));
  }

  /** Asks the program to end and waits for it; the service ends after it. */
  public synchronized void stop() {
    running().close();
    end();
  }

  /** Ends the service and the program with SIGKILL. */
  public synchronized void kill() {
    // Both at one moment, as if they were one process.
    running().pause();
    if (service != null) {
      service.close();
    }
    running().kill();
    end();
  }

  /** Ends the program with SIGKILL while the service lives on. */
  public synchronized void killProgramOnly() {
    running().kill();
    process = null;
  }

  private void end() {
    process = null;
    if (service != null) {
      service.close();
      service = null;
    }
  }

  /** Returns the program's process. */
  public synchronized RunningProcess running() {
    if (process == null) {
      throw new IllegalStateException(this + ": not running (expected: running)");
    }
    return process;
  }

  /** Returns what the program uses. */
  public ProcessUsage usage() {
    return running().usage();
  }

  /** Returns what the program has logged, in all its runs. */
  public synchronized String log() {
    return String.join("\n", runs.stream().map(RunningProcess::log).toList());
  }

  @Override
  public synchronized void close() {
    if (process != null) {
      process.close();
    }
    end();
  }

  @Override
  public String toString() {
    return program.name() + " on " + host.name();
  }
}
