package io.lvs4j.vrrp.router;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs programs when the state changes, as keepalived's {@code notify} settings do, but one at a
 * time and in order.
 *
 * <pre>{@code
 * VrrpInstance.builder("VI_1")...
 *     .listener(NotifyScripts.ofInstance()
 *         .onMaster(List.of("/usr/local/bin/attach-route", "eth0"))
 *         .onChange(List.of("/usr/local/bin/tell"))
 *         .build())
 * }</pre>
 *
 * <p>The commands of single states are run as they are given. That of {@link Builder#onChange}, run
 * after them, gets four more arguments: {@code INSTANCE} or {@code GROUP}, the name, {@code
 * MASTER}, {@code BACKUP}, {@code FAULT} or {@code STOP}, and the priority. No shell is involved. A
 * program that doesn't end with status 0 is told of by a warning. Later events wait for its end.
 */
public final class NotifyScripts implements VrrpListener {
  private static final Logger LOG = System.getLogger("io.lvs4j.vrrp");
  private static final Duration LONGEST = Duration.ofHours(1);

  private final String kind;
  private final List<String> master;
  private final List<String> backup;
  private final List<String> fault;
  private final List<String> stop;
  private final List<String> change;
  private final Duration timeout;

  private NotifyScripts(Builder builder) {
    this.kind = builder.kind;
    this.master = builder.master;
    this.backup = builder.backup;
    this.fault = builder.fault;
    this.stop = builder.stop;
    this.change = builder.change;
    this.timeout = builder.timeout;
  }

  /** Begins the programs of an instance. */
  public static Builder ofInstance() {
    return new Builder("INSTANCE");
  }

  /** Begins the programs of a sync group. */
  public static Builder ofSyncGroup() {
    return new Builder("GROUP");
  }

  @Override
  public void onMaster(VrrpEvent.Master event) {
    run(master, event.name(), "MASTER", event.priority());
  }

  @Override
  public void onBackup(VrrpEvent.Backup event) {
    run(backup, event.name(), "BACKUP", event.priority());
  }

  @Override
  public void onFault(VrrpEvent.Fault event) {
    run(fault, event.name(), "FAULT", event.priority());
  }

  @Override
  public void onStop(VrrpEvent.Stopped event) {
    run(stop, event.name(), "STOP", event.priority());
  }

  private void run(List<String> own, String name, String state, Priority priority) {
    if (!own.isEmpty()) {
      run(own, name, state);
    }
    if (!change.isEmpty()) {
      var command = new ArrayList<>(change);
      command.addAll(List.of(kind, name, state, priority.toString()));
      run(command, name, state);
    }
  }

  private void run(List<String> command, String name, String state) {
    try {
      var outcome = ProgramRun.run(command, timeout);
      if (!outcome.isGood()) {
        LOG.log(
            Level.WARNING, name + ": script of " + state + " " + command + ": " + outcome.words());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Collects the programs; not safe for use by several threads at once. */
  public static final class Builder {
    private final String kind;
    private List<String> master = List.of();
    private List<String> backup = List.of();
    private List<String> fault = List.of();
    private List<String> stop = List.of();
    private List<String> change = List.of();
    private Duration timeout = Duration.ofSeconds(10);

    private Builder(String kind) {
      this.kind = kind;
    }

    /** Runs this when the virtual addresses have become ours ({@code notify_master}). */
    public Builder onMaster(List<String> command) {
      this.master = List.copyOf(command);
      return this;
    }

    /** Runs this when another router has the virtual addresses ({@code notify_backup}). */
    public Builder onBackup(List<String> command) {
      this.backup = List.copyOf(command);
      return this;
    }

    /** Runs this when this router can't have the virtual addresses ({@code notify_fault}). */
    public Builder onFault(List<String> command) {
      this.fault = List.copyOf(command);
      return this;
    }

    /** Runs this when the instance has ended ({@code notify_stop}). */
    public Builder onStop(List<String> command) {
      this.stop = List.copyOf(command);
      return this;
    }

    /** Runs this at each of these, with four arguments more ({@code notify}). */
    public Builder onChange(List<String> command) {
      this.change = List.copyOf(command);
      return this;
    }

    /**
     * Sets after what time a program is ended by SIGTERM, and 2 s later by SIGKILL: 1 ms to 1 h; 10
     * s if not set.
     */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Returns the listener.
     *
     * @throws InvalidConfigurationException with every problem there is
     */
    public NotifyScripts build() {
      var problems = new ArrayList<Problem>();
      if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
        problems.add(new Problem("notify scripts: timeout", timeout.toString(), "1 ms to 1 h"));
      }
      var all = List.of(master, backup, fault, stop, change);
      if (all.stream().allMatch(List::isEmpty)) {
        problems.add(new Problem("notify scripts", "none", "at least one command"));
      }
      all.stream()
          .filter(command -> !command.isEmpty() && command.getFirst().isBlank())
          .map(command -> new Problem("notify scripts: command", command.toString(), "a program"))
          .forEach(problems::add);
      InvalidConfigurationException.throwIfAny(problems);
      return new NotifyScripts(this);
    }
  }
}
