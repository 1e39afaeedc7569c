package io.lvs4j.keepalived.script;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.KeepalivedListener;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A named pipe that events are written to in order, a line each: {@code notify_fifo} and its kin.
 * The lines are keepalived's: {@code INSTANCE "VI_1" MASTER 100}, {@code GROUP "G" BACKUP 0},
 * {@code INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100}, {@code INSTANCE "VI_1" MASTER_PRIORITY 90},
 * {@code VS [10.0.0.1]:tcp:80 UP}, {@code RS [10.0.0.2]:tcp:80 [10.0.0.1]:tcp:80 DOWN}.
 *
 * <p>A sync group has no priority of its own, which is written as 0. An instance that a reload
 * removes is in FAULT, or DELETED where that is asked for.
 *
 * @param path the pipe
 * @param owner whose the pipe is to be, {@code user} or {@code user:group}; empty for the script's
 *     user
 * @param script what is started to read it, with the path as its last argument
 * @param kind whose events
 * @param prioritiesWritten whether changes of an instance's priority are written too
 * @param deletionWritten whether an instance that is removed is DELETED
 */
public record NotifyFifo(
    Path path,
    Optional<String> owner,
    Optional<ScriptCommand> script,
    Kind kind,
    boolean prioritiesWritten,
    boolean deletionWritten)
    implements VrrpListener, KeepalivedListener {
  /** Whose events are written. */
  public enum Kind {
    /** Those of a VRRP instance. */
    INSTANCE,
    /** Those of a sync group. */
    GROUP,
    /** Those of virtual and real servers. */
    SERVERS
  }

  /** Checks that nothing is missing. */
  public NotifyFifo {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(script, "script");
    Objects.requireNonNull(kind, "kind");
  }

  /** Describes a pipe without changes of priority, where a removed instance is in FAULT. */
  public NotifyFifo(Path path, Optional<String> owner, Optional<ScriptCommand> script, Kind kind) {
    this(path, owner, script, kind, false, false);
  }

  private FifoWriter writer() {
    return FifoWriter.of(path, owner, script);
  }

  private void write(String line) {
    writer().write(line);
  }

  @Override
  public void onMaster(VrrpEvent.Master event) {
    state(event.name(), "MASTER", event.priority());
  }

  @Override
  public void onBackup(VrrpEvent.Backup event) {
    state(event.name(), "BACKUP", event.priority());
  }

  @Override
  public void onFault(VrrpEvent.Fault event) {
    state(event.name(), "FAULT", event.priority());
  }

  @Override
  public void onStop(VrrpEvent.Stopped event) {
    String state = !event.removed() ? "STOP" : deletionWritten ? "DELETED" : "FAULT";
    state(event.name(), state, event.priority());
  }

  @Override
  public void onEvent(VrrpEvent event) {
    switch (event) {
      case VrrpEvent.PriorityChanged changed -> {
        var last = writer().last(changed.name());
        boolean master = last.isPresent() && last.get().master();
        if (prioritiesWritten) {
          line(changed.name(), master ? "MASTER_PRIORITY" : "BACKUP_PRIORITY", changed.to());
        }
        writer().keep(changed.name(), master, changed.to());
      }
      case VrrpEvent.LowerPriorityHeard heard ->
          writer()
              .last(heard.name())
              .ifPresent(own -> line(heard.name(), "MASTER_RX_LOWER_PRI", own.priority()));
      default -> {
        // The others are states, which have methods of their own, or keepalived has no line.
      }
    }
  }

  private void state(String name, String state, Priority priority) {
    if (kind == Kind.INSTANCE) {
      writer().keep(name, state.equals("MASTER"), priority);
    }
    line(name, state, priority);
  }

  private void line(String name, String word, Priority priority) {
    write("%s \"%s\" %s %s".formatted(kind, name, word, kind == Kind.GROUP ? "0" : priority));
  }

  @Override
  public void onEvent(DirectorEvent event) {
    var server = text(event.virtualServer());
    switch (event) {
      case DirectorEvent.QuorumUp _ -> write("VS " + server + " UP");
      case DirectorEvent.QuorumDown _ -> write("VS " + server + " DOWN");
      case DirectorEvent.RealServerUp up ->
          write("RS " + text(up.realServer(), up.virtualServer()) + " " + server + " UP");
      case DirectorEvent.RealServerDown down ->
          write("RS " + text(down.realServer(), down.virtualServer()) + " " + server + " DOWN");
      default -> {
        // keepalived has no line for it.
      }
    }
  }

  private static String text(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address(Protocol protocol, Endpoint endpoint) ->
          text(endpoint, protocol);
      case VirtualServerId.FirewallMark mark -> "FWM " + mark.mark();
    };
  }

  private static String text(Endpoint server, VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address at -> text(server, at.protocol());
      case VirtualServerId.FirewallMark _ ->
          "[" + Endpoint.literal(server.address()) + "]:" + server.port();
    };
  }

  private static String text(Endpoint endpoint, Protocol protocol) {
    return "["
        + Endpoint.literal(endpoint.address())
        + "]:"
        + protocol.name().toLowerCase(Locale.ROOT)
        + ":"
        + endpoint.port();
  }
}
