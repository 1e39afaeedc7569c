package io.lvs4j.vrrp.router;

import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.HostNetworkProvider;
import io.lvs4j.api.loop.LoopFaults;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.vrrp.machine.Reading;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The thread of a router, from the opening of the host's network to its closing. */
final class RouterThread implements AutoCloseable {
  private static final Duration LAST_LINES = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration WATCH = Duration.ofMillis(250);

  private volatile RouterSettings settings;
  private List<Member> members;
  private @Nullable Questions questions;
  private final HostNetworkProvider provider;
  private final ScheduledThreadPoolExecutor background;
  private final RouterLog log;
  private final NotificationThread notifications;
  private final Thread thread;
  private final CompletableFuture<RouterLoop> started = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final LastTurns turns = new LastTurns();
  private volatile @Nullable HostNetwork network;
  private volatile boolean ending;
  private volatile boolean failed;
  private volatile boolean abandoned;
  private final LoopFaults faults =
      new LoopFaults("lvs4j-vrrp", LoopLogger.of("io.lvs4j.vrrp", System::nanoTime));
  private volatile long askedAt;
  private volatile boolean asked;

  RouterThread(
      RouterSettings settings,
      List<Member> members,
      HostNetworkProvider provider,
      Duration slowListener) {
    this.settings = settings;
    this.members = members;
    this.provider = provider;
    this.background =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("lvs4j-vrrp-log").daemon().unstarted(task));
    background.setRemoveOnCancelPolicy(true);
    background.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    var _ = background.prestartCoreThread();
    this.log = new RouterLog(background, RouterClock.system());
    this.notifications = new NotificationThread(background, log, slowListener);
    this.thread = Thread.ofPlatform().name("lvs4j-vrrp").daemon().unstarted(this::run);
  }

  /** Says whether it goes on, and has not failed for good. */
  boolean isRunning() {
    return thread.isAlive() && !failed;
  }

  /**
   * Returns the thread as it is now; none before all instances have begun. One that has ended
   * counts as alive until its addresses are released and FAULT is told: whoever hears that it isn't
   * closes the router, which would end that.
   */
  List<LoopSnapshot> loops() {
    if (!started.isDone() || started.isCompletedExceptionally()) {
      return List.of();
    }
    boolean alive = !abandoned;
    long now = System.nanoTime();
    var behind = Duration.ZERO;
    if (asked) {
      behind = Duration.ofNanos(now - askedAt);
    } else if (alive) {
      askedAt = now;
      asked = true;
      started.join().post(() -> asked = false);
    }
    return List.of(faults.snapshot(alive, behind));
  }

  /** Starts the thread and returns when all instances have begun. */
  void start() {
    thread.start();
    try {
      started.join();
    } catch (CompletionException refused) {
      close();
      if (refused.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw refused;
    }
  }

  private void run() {
    try (var opened = provider.open()) {
      network = opened;
      var loop = begin(opened);
      if (loop != null) {
        drive(loop);
      }
    } catch (HostNetworkException | RuntimeException | Error refused) {
      if (!started.completeExceptionally(startException(refused))) {
        log.log(Level.ERROR, "the VRRP router could not end as it should", refused);
      }
    } finally {
      ended.complete(null);
    }
  }

  private @Nullable RouterLoop begin(HostNetwork network) {
    try {
      var _ = Rehearsal.run();
      var loop =
          new RouterLoop(
              settings,
              network,
              RouterClock.system(),
              log,
              this::publish,
              settings.elections(members));
      var obstacles = network.obstacles(settings.holdsAddresses());
      if (!obstacles.isEmpty()) {
        started.completeExceptionally(new StartException(obstacles));
        return null;
      }
      tellWarnings(settings.with(List.of(), List.of()));
      loop.begin();
      network.preferCallingThread(); // after the rehearsals, which are in no hurry
      var _ =
          background.scheduleWithFixedDelay(
              () -> watchOver(loop), WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
      started.complete(loop);
      return loop;
    } catch (HostNetworkException | RuntimeException | Error refused) {
      started.completeExceptionally(startException(refused));
      return null;
    }
  }

  /** Tells the loop what was found out about something that trackers look at. */
  void report(TrackerSource source, Reading reading) {
    var _ = started.thenAccept(loop -> loop.post(() -> loop.report(source, reading)));
  }

  /** Tells the loop why an instance must not be master for now; empty when it may be. */
  void serviceFault(String instance, Optional<String> reason) {
    var _ = started.thenAccept(loop -> loop.post(() -> loop.serviceFault(instance, reason)));
  }

  /** Looks whether the network of this host can be opened, and what else is in the way. */
  static List<Problem> obstacles(RouterSettings settings, HostNetworkProvider provider) {
    var found = new CompletableFuture<List<Problem>>();
    Thread.ofPlatform()
        .name("lvs4j-vrrp-obstacles")
        .daemon()
        .start(() -> {
          try (var network = provider.open()) {
            found.complete(network.obstacles(settings.holdsAddresses()));
          } catch (HostNetworkException | RuntimeException | Error refused) {
            found.complete(startException(refused).problems());
          }
        });
    return found.join();
  }

  private void publish(VrrpEvent event, List<VrrpListener> listeners) {
    for (var observer : settings.observers()) {
      try {
        observer.accept(event);
      } catch (Throwable failure) { // whatever it is, the others are to hear of it too
        faults.count("an observer of " + event.name(), failure);
        log.failed("an observer of " + event.name(), failure);
      }
    }
    tell(event);
    notifications.publish(event, listeners);
  }

  private void tell(VrrpEvent event) {
    try {
      say(event);
    } catch (RuntimeException | Error failure) {
      log.failed("the log line of " + event.name(), failure);
    }
  }

  private void say(VrrpEvent event) {
    if (EventWords.isFrequent(event)) {
      log.warn(event.name() + " " + event.getClass().getSimpleName(), EventWords.of(event));
    } else {
      log.log(EventWords.level(event), EventWords.of(event), null);
    }
  }

  /**
   * Goes on with another configuration, and returns the instances that there are now.
   *
   * @throws StartException when the host stands in the way; nothing has changed then
   */
  List<Member> reconfigure(RouterSettings next) {
    var done = new CompletableFuture<List<Member>>();
    started
        .join()
        .post(() -> {
          if (ending) {
            done.completeExceptionally(ended());
            return;
          }
          try {
            var before = settings;
            members = started.join().reconfigure(next);
            settings = next;
            tellWarnings(before);
            var asked = questions;
            if (asked != null) {
              asked.follow(trackers());
            }
            done.complete(members);
          } catch (HostNetworkException refused) {
            done.completeExceptionally(startException(refused));
          } catch (RuntimeException | Error broken) {
            done.completeExceptionally(broken);
            throw broken;
          }
        });
    var _ = ended.thenRun(() -> done.completeExceptionally(ended()));
    try {
      return done.join();
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw refused;
    }
  }

  private static IllegalStateException ended() {
    return new IllegalStateException("VRRP router: ended (expected: RUNNING)");
  }

  private void drive(RouterLoop loop) {
    try (var asked = questions(loop)) {
      questions = asked;
      while (!ending) {
        turn(loop);
      }
      loop.end();
      while (!loop.hasEnded()) {
        turn(loop);
      }
    } catch (RuntimeException | Error broken) {
      log.log(
          Level.ERROR,
          "the VRRP router has failed; all its instances are in FAULT and its addresses released",
          broken);
      fail(loop, broken);
    }
  }

  /** Takes a turn. Should it fail the next one is taken, unless they have failed for a second. */
  private void turn(RouterLoop loop) {
    try {
      loop.turn();
      turns.succeeded();
    } catch (RuntimeException | Error broken) {
      if (turns.failedForLong(System.nanoTime())) {
        throw broken;
      }
      faults.count("a turn of the VRRP router", broken);
      log.failed("the VRRP router", broken);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Since when turns have failed, without one in between that didn't. */
  private static final class LastTurns {
    private boolean failing;
    private long since;

    void succeeded() {
      failing = false;
    }

    boolean failedForLong(long now) {
      if (!failing) {
        failing = true;
        since = now;
      }
      return now - since >= LONG.toNanos();
    }
  }

  private void fail(RouterLoop loop, Throwable broken) {
    faults.count("the VRRP router", broken);
    failed = true;
    try {
      loop.fail(broken);
    } finally {
      abandoned = true;
    }
  }

  /**
   * Looks whether the thread has ended that nobody asked to end, by an error in the very code that
   * should have dealt with it, say. Then this thread does the rest for it.
   */
  private void watchOver(RouterLoop loop) {
    try {
      if (failed || ending || thread.isAlive()) {
        return;
      }
      var broken = new IllegalStateException("the thread of the VRRP router has ended");
      log.log(Level.ERROR, "the VRRP router has failed; its addresses are released", broken);
      fail(loop, broken);
      var left = network;
      if (left != null) {
        left.close();
      }
    } catch (RuntimeException | Error again) {
      log.failed("the watch over the VRRP router", again);
    }
  }

  private void tellWarnings(RouterSettings before) {
    var known = RouterChecks.warnings(before.instances(), before.syncGroups());
    RouterChecks.warnings(settings.instances(), settings.syncGroups()).stream()
        .filter(warning -> !known.contains(warning))
        .forEach(warning -> log.warnOfConfiguration(warning.toString()));
  }

  /** The answers come by way of the loop's own thread, like everything else that it hears of. */
  private Questions questions(RouterLoop loop) {
    var all =
        new Questions(log, (tracker, reading) -> loop.post(() -> loop.read(tracker, reading)));
    all.follow(trackers());
    return all;
  }

  private Set<Tracker> trackers() {
    var trackers = new LinkedHashSet<Tracker>();
    members.forEach(member -> trackers.addAll(member.readings.keySet()));
    return trackers;
  }

  private static StartException startException(Throwable refused) {
    var exception =
        new StartException(
            List.of(
                new Problem(
                    "host network",
                    String.valueOf(refused.getMessage()),
                    "one that VRRP can be spoken on")));
    if (!(refused instanceof HostNetworkException)) {
      // Of one that is expected the problem says it all.
      exception.initCause(refused);
    }
    return exception;
  }

  @Override
  public void close() {
    ending = true;
    if (started.isDone() && !started.isCompletedExceptionally()) {
      started.join().post(() -> {});
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    notifications.close();
    background.shutdown();
    try {
      // The last lines are to be in the log when this returns, if the log takes them.
      var _ = background.awaitTermination(LAST_LINES.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
