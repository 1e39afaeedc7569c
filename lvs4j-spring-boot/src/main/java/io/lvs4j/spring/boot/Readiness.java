package io.lvs4j.spring.boot;

import io.lvs4j.api.vrrp.Tracker;
import java.time.Duration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Knows whether the application accepts traffic, for VRRP to follow.
 *
 * <p>A context that closes refuses traffic first. That is no reason to give the virtual addresses
 * up in a hurry, for the lifecycle is about to hand them over in an orderly way. So the end freezes
 * what was known: this listener is the last to hear of refused traffic, {@link Closing} the first
 * to hear of the end, and the tracker takes two looks to believe.
 */
final class Readiness
    implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {
  private static final Duration LOOK = Duration.ofMillis(100);

  private volatile boolean accepting;
  private volatile boolean closing;

  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
    if (!closing) {
      accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
    }
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /** Returns what makes an instance FAULT while the application accepts no traffic. */
  Tracker tracker() {
    return Tracker.check("readiness of the application", () -> accepting || closing)
        .every(LOOK)
        .timeout(Duration.ofSeconds(1))
        .fall(2)
        .failedAtFirst();
  }

  /** Hears of the end of the application's context before anybody else. */
  static final class Closing implements ApplicationListener<ContextClosedEvent>, Ordered {
    private final Readiness readiness;
    private final ApplicationContext context;

    Closing(Readiness readiness, ApplicationContext context) {
      this.readiness = readiness;
      this.context = context;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
      if (context.equals(event.getApplicationContext())) {
        readiness.closing = true;
      }
    }

    @Override
    public int getOrder() {
      return Ordered.HIGHEST_PRECEDENCE;
    }
  }
}
