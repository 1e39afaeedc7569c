package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** The settings of checks that a virtual server hands on to real servers, and these to checkers. */
final class Check {
  private Optional<Duration> delayLoop = Optional.empty();
  private Optional<Duration> connectTimeout = Optional.empty();
  private Optional<Duration> delayBeforeRetry = Optional.empty();
  private Optional<Duration> warmUp = Optional.empty();
  private Optional<Integer> retry = Optional.empty();
  private Optional<Boolean> alpha = Optional.empty();
  private Optional<String> virtualHost = Optional.empty();
  private OptionalInt port = OptionalInt.empty();

  /** Adds the handlers of the keywords that every level has. */
  void handle(Handlers handlers, Values values) {
    var least = Duration.ofNanos(1000);
    handlers
        .on(
            "delay_loop",
            s -> values.seconds(s, least, Duration.ofDays(365)).ifPresent(this::every))
        .on(
            "connect_timeout",
            s ->
                values
                    .seconds(s, least, Duration.ofSeconds(4294))
                    .ifPresent(value -> connectTimeout = Optional.of(value)))
        .on(
            "delay_before_retry",
            s ->
                values
                    .seconds(s, Duration.ZERO, Duration.ofSeconds(4294))
                    .ifPresent(value -> delayBeforeRetry = Optional.of(value)))
        .on(
            "warmup",
            s ->
                values
                    .seconds(s, Duration.ZERO, Duration.ofSeconds(4294))
                    .ifPresent(value -> warmUp = Optional.of(value)))
        .on("retry", s -> values.number(s, 0, 1000).ifPresent(value -> retry = Optional.of(value)))
        .on("alpha", s -> values.flag(s).ifPresent(value -> alpha = Optional.of(value)));
  }

  /** Adds the handler of {@code virtualhost}. */
  void handleVirtualHost(Handlers handlers, Values values) {
    handlers.on(
        "virtualhost",
        s ->
            values
                .word(s, "a host name")
                .ifPresent(word -> virtualHost = Optional.of(word.text())));
  }

  private void every(Duration delay) {
    this.delayLoop = Optional.of(delay);
  }

  void port(int port) {
    this.port = OptionalInt.of(port);
  }

  Optional<String> virtualHost() {
    return virtualHost;
  }

  /** Returns the settings with those of a wider block where these have none. */
  Check within(Check outer) {
    var merged = new Check();
    merged.delayLoop = delayLoop.or(() -> outer.delayLoop);
    merged.connectTimeout = connectTimeout.or(() -> outer.connectTimeout);
    merged.delayBeforeRetry = delayBeforeRetry.or(() -> outer.delayBeforeRetry);
    merged.warmUp = warmUp.or(() -> outer.warmUp);
    merged.retry = retry.or(() -> outer.retry);
    merged.alpha = alpha.or(() -> outer.alpha);
    merged.virtualHost = virtualHost.or(() -> outer.virtualHost);
    merged.port = port.isPresent() ? port : outer.port;
    return merged;
  }

  /** Returns the check with these settings, and keepalived's defaults for the rest. */
  HealthCheck applyTo(HealthCheck check, Duration defaultDelayBeforeRetry) {
    var loop = delayLoop.orElse(Duration.ofSeconds(60));
    var applied =
        check
            .every(loop)
            .connectTimeout(connectTimeout.orElse(Duration.ofSeconds(5)))
            .retries(retry.orElse(1))
            .delayBeforeRetry(delayBeforeRetry.orElse(defaultDelayBeforeRetry))
            .warmUp(warmUp.orElse(loop));
    if (alpha.orElse(false)) {
      applied = applied.alpha();
    }
    return port.isPresent() ? applied.port(port.getAsInt()) : applied;
  }
}
