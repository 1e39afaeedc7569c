package io.lvs4j.core.balance;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Flow;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.core.scheduler.Schedulers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A virtual server's scheduler behind a guard: what it throws, and positions that don't exist, are
 * logged and count as {@link Scheduler#NONE}. Each kind of fault is logged once, and again only
 * after the scheduler has worked in between; the bound of a {@link LoopLogger} holds too, for each
 * virtual server by itself.
 *
 * <p>An application's own is timed: one that blocks holds up the loop that calls it, and with it
 * the connections of all virtual servers.
 */
final class GuardedScheduler {
  private static final long SLOW = Duration.ofMillis(100).toNanos();

  private enum Fault {
    DECISION_THREW,
    NO_SUCH_POSITION,
    NOTIFICATION_THREW
  }

  private final VirtualServerId id;
  private final Scheduler scheduler;
  private final LoopFaults faults;
  private final Ticker ticker;
  private final LoopLogger log;
  private final boolean timed;
  private final Set<Fault> logged = EnumSet.noneOf(Fault.class);

  GuardedScheduler(VirtualServerId id, Scheduler description, LoopFaults faults, Ticker ticker) {
    this.id = id;
    this.faults = faults;
    this.ticker = ticker;
    this.log = LoopLogger.of(GuardedScheduler.class, ticker::read);
    this.scheduler = Schedulers.deciding(description).forVirtualServer();
    this.timed = !(scheduler instanceof LvsScheduler);
  }

  int schedule(ServerTable servers, Flow flow) {
    int position;
    long begun = begun();
    try {
      position = scheduler.schedule(servers, flow);
    } catch (Throwable fault) {
      warn(Fault.DECISION_THREW, () -> fault + " (expected: a position or -1)", fault);
      return Scheduler.NONE;
    } finally {
      ended(begun);
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
    long begun = begun();
    try {
      notification.run();
      logged.remove(Fault.NOTIFICATION_THREW);
    } catch (Throwable fault) {
      warn(Fault.NOTIFICATION_THREW, () -> fault + " (expected: no exception)", fault);
    } finally {
      ended(begun);
    }
  }

  private long begun() {
    return timed ? ticker.read() : 0;
  }

  private void ended(long begun) {
    long taken = timed ? ticker.read() - begun : 0;
    if (taken > SLOW) {
      log.log(
          System.Logger.Level.WARNING,
          () ->
              subject()
                  + "took "
                  + Duration.ofNanos(taken).toMillis()
                  + " ms (expected: under 100 ms, for other connections wait meanwhile; it blocks,"
                  + " or the process stood still)");
    }
  }

  private void warn(Fault fault, Supplier<String> detail, @Nullable Throwable thrown) {
    if (thrown != null) {
      faults.count("the scheduler of " + id, thrown);
    }
    if (logged.add(fault)) {
      log.log(System.Logger.Level.WARNING, () -> subject() + detail.get(), thrown);
    }
  }

  private String subject() {
    return "virtual server " + id + ": scheduler " + scheduler.name() + ": ";
  }
}
