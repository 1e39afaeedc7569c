package io.lvs4j.api;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/** When a {@link HealthCheck} is made, and how often it must fail or pass to count. */
record CheckTimes(
    Duration delayLoop,
    Duration connectTimeout,
    int retries,
    int rise,
    Duration delayBeforeRetry,
    Duration warmUp) {
  static final CheckTimes DEFAULT =
      new CheckTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          1,
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  CheckTimes {
    Objects.requireNonNull(delayLoop, "delayLoop");
    Objects.requireNonNull(connectTimeout, "connectTimeout");
    Objects.requireNonNull(delayBeforeRetry, "delayBeforeRetry");
    Objects.requireNonNull(warmUp, "warmUp");
  }

  CheckTimes with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return new CheckTimes(
        draft.delayLoop,
        draft.connectTimeout,
        draft.retries,
        draft.rise,
        draft.delayBeforeRetry,
        draft.warmUp);
  }

  static final class Draft {
    Duration delayLoop;
    Duration connectTimeout;
    int retries;
    int rise;
    Duration delayBeforeRetry;
    Duration warmUp;

    private Draft(CheckTimes times) {
      delayLoop = times.delayLoop;
      connectTimeout = times.connectTimeout;
      retries = times.retries;
      rise = times.rise;
      delayBeforeRetry = times.delayBeforeRetry;
      warmUp = times.warmUp;
    }
  }
}
