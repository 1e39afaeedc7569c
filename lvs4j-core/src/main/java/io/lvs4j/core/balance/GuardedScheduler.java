package io.lvs4j.core.balance;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.core.scheduler.Schedulers;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A virtual server's scheduler behind a guard: what it throws, and positions that don't exist, are
 * logged and count as {@link Scheduler#NONE}. Each kind of fault is logged once, and again only
 * after the scheduler has worked in between, at most once a second.
 */
final class GuardedScheduler {
  private enum Fault {
    DECISION_THREW,
    NO_SUCH_POSITION,
    NOTIFICATION_THREW
  }

  private final VirtualServerId id;
  private final Scheduler scheduler;
  private final LoopFaults faults;
  private final LoopLogger log;
  private final Set<Fault> logged = EnumSet.noneOf(Fault.class);

  GuardedScheduler(
      VirtualServerId id, Scheduler description, LoopFaults faults, LongSupplier nanoTime) {
    this.id = id;
    this.log = LoopLogger.of(GuardedScheduler.class, nanoTime);
    this.faults = faults;
    this.scheduler = Schedulers.deciding(description).forVirtualServer();
  }

  int schedule(ServerTable servers, Flow flow) {
    int position;
    try {
      position = scheduler.schedule(servers, flow);
    } catch (Throwable fault) {
      warn(Fault.DECISION_THREW, () -> fault + " (expected: a position or -1)", fault);
      return Scheduler.NONE;
    }
    if (position < Scheduler.NONE || position >= servers.size()) {
      int most = servers.size() - 1;
      warn(
          Fault.NO_SUCH_POSITION,
          () -> "position " + position + " (expected: -1 to " + most + ")",
          null);
      return Scheduler.NONE;
    }
    logged.remove(Fault.DECISION_THREW);
    logged.remove(Fault.NO_SUCH_POSITION);
    return position;
  }

  void added(ServerTable servers, int position) {
    tell(() -> scheduler.serverAdded(servers, position));
  }

  void removed(ServerTable servers, int position, int id) {
    tell(() -> scheduler.serverRemoved(servers, position, id));
  }

  void updated(ServerTable servers, int position) {
    tell(() -> scheduler.serverUpdated(servers, position));
  }

  private void tell(Runnable notification) {
    try {
      notification.run();
      logged.remove(Fault.NOTIFICATION_THREW);
    } catch (Throwable fault) {
      warn(Fault.NOTIFICATION_THREW, () -> fault + " (expected: no exception)", fault);
    }
  }

  private void warn(Fault fault, Supplier<String> detail, @Nullable Throwable thrown) {
    if (thrown != null) {
      faults.count("the scheduler of " + id, thrown);
    }
    if (logged.add(fault)) {
      log.log(
          System.Logger.Level.WARNING,
          () -> "virtual server " + id + ": scheduler " + scheduler.name() + ": " + detail.get(),
          thrown);
    }
  }
}
