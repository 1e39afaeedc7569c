package io.lvs4j.keepalived.script;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.time.Duration;
import java.util.Objects;

/**
 * A script that is run when a VRRP instance or a sync group changes: {@code notify} and its kin. A
 * file isn't needed for it:
 *
 * <pre>{@code
 * VrrpInstance.builder("VI_1")...
 *     .listener(new VrrpNotification(
 *         Trigger.MASTER, new ScriptCommand(List.of("/usr/local/bin/attach-route", "eth0")), false))
 * }</pre>
 *
 * <p>No shell is involved. The scripts of one instance run one after another, beside those of
 * others. One that doesn't end with status 0 is reported by a warning, and one that takes longer
 * than 30 s no longer keeps the next one waiting. When the router is closed it waits some seconds
 * for all scripts together; those that still run when the process ends get SIGTERM.
 *
 * @param trigger which events it is run for
 * @param command what is run
 * @param group whether it is told of a sync group rather than an instance
 * @param deletionTold whether {@link Trigger#ANY} says DELETED of an instance that is removed while
 *     the process runs on, and not FAULT
 */
public record VrrpNotification(
    Trigger trigger, ScriptCommand command, boolean group, boolean deletionTold)
    implements VrrpListener {
  /** Which events a script is run for. */
  public enum Trigger {
    /** {@code notify_master}. */
    MASTER("notify_master"),
    /** {@code notify_backup}. */
    BACKUP("notify_backup"),
    /** {@code notify_fault}. */
    FAULT("notify_fault"),
    /** {@code notify_stop}. */
    STOP("notify_stop"),
    /** {@code notify_master_rx_lower_pri}. */
    LOWER_PRIORITY_HEARD("notify_master_rx_lower_pri"),
    /** {@code notify_deleted}: an instance is removed while the process runs on. */
    DELETED("notify_deleted"),
    /**
     * {@code notify}: each change of state, told by four more arguments; the priority of a group is
     * 0.
     */
    ANY("notify");

    private final String keyword;

    Trigger(String keyword) {
      this.keyword = keyword;
    }

    /** Returns the keyword. */
    public String keyword() {
      return keyword;
    }
  }

  /** Checks that nothing is missing. */
  public VrrpNotification {
    Objects.requireNonNull(trigger, "trigger");
    Objects.requireNonNull(command, "command");
  }

  /** Describes a script that hears FAULT of an instance that is removed, as keepalived says it. */
  public VrrpNotification(Trigger trigger, ScriptCommand command, boolean group) {
    this(trigger, command, group, false);
  }

  @Override
  public void onMaster(VrrpEvent.Master event) {
    changed(Trigger.MASTER, event.name(), "MASTER", event.priority());
  }

  @Override
  public void onBackup(VrrpEvent.Backup event) {
    changed(Trigger.BACKUP, event.name(), "BACKUP", event.priority());
  }

  @Override
  public void onFault(VrrpEvent.Fault event) {
    changed(Trigger.FAULT, event.name(), "FAULT", event.priority());
  }

  @Override
  public void onStop(VrrpEvent.Stopped event) {
    String state = !event.removed() ? "STOP" : deletionTold ? "DELETED" : "FAULT";
    if (trigger == (event.removed() ? Trigger.DELETED : Trigger.STOP)) {
      ScriptQueue.addLast(event.name(), command);
    } else if (trigger == Trigger.ANY) {
      ScriptQueue.addLast(event.name(), told(event.name(), state, event.priority()));
    }
  }

  @Override
  public void onEvent(VrrpEvent event) {
    if (trigger == Trigger.LOWER_PRIORITY_HEARD && event instanceof VrrpEvent.LowerPriorityHeard) {
      ScriptQueue.add(event.name(), command);
    }
  }

  @Override
  public void awaitEnd(Duration atMost) throws InterruptedException {
    ScriptQueue.awaitIdle(atMost);
  }

  private void changed(Trigger kind, String name, String state, Priority priority) {
    if (trigger == kind) {
      ScriptQueue.add(name, command);
    } else if (trigger == Trigger.ANY) {
      ScriptQueue.add(name, told(name, state, priority));
    }
  }

  private ScriptCommand told(String name, String state, Priority priority) {
    return command.with(
        group ? "GROUP" : "INSTANCE", name, state, group ? "0" : priority.toString());
  }
}
