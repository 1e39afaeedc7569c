package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.vrrp.machine.Moment;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Failures to hear of the host. One is no matter: what was missed is heard by the next call. When
 * they last for a second nothing is known of the other routers, and no instance can go on.
 */
final class HostFailures {
  private static final Duration LASTING = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final RouterLog log;
  private @Nullable Moment since;
  private boolean lasting;

  HostFailures(RouterLog log) {
    this.log = log;
  }

  /** Takes a failure, and returns whether they are lasting by now, once. */
  boolean lasting(Throwable failed, Moment now) {
    if (failed instanceof HostNetworkException refused) {
      log.warn("await", String.valueOf(refused.getMessage()));
    } else {
      log.failed("await", failed);
    }
    if (since == null) {
      since = now;
      return false;
    }
    // A failure that comes back at once must not take a processor for itself.
    LockSupport.parkNanos(PAUSE.toNanos());
    if (lasting || since.until(now).compareTo(LASTING) < 0) {
      return false;
    }
    lasting = true;
    return true;
  }

  /** Says whether the last attempt has failed. */
  boolean isFailing() {
    return since != null;
  }

  /** Takes a success, and returns whether it ends lasting failures. */
  boolean over() {
    boolean ended = lasting;
    since = null;
    lasting = false;
    return ended;
  }
}
