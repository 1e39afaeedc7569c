package io.lvs4j.keepalived.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What holds for the director as a whole: the part of {@code global_defs} that isn't a default for
 * something else.
 *
 * @param routerId what this director calls itself
 * @param timeouts the kernel's timeouts
 * @param syncDaemon the kernel's sync daemon
 * @param flushedAtStart whether the kernel's table is emptied first: {@code lvs_flush}
 * @param flushOnStop what is removed from it in the end
 */
public record GlobalDefinitions(
    Optional<String> routerId,
    Optional<LvsTimeouts> timeouts,
    Optional<LvsSyncDaemon> syncDaemon,
    boolean flushedAtStart,
    FlushOnStop flushOnStop) {
  /** What there is when nothing was said. */
  public static final GlobalDefinitions NONE =
      new GlobalDefinitions(
          Optional.empty(), Optional.empty(), Optional.empty(), false, FlushOnStop.OWN);

  /** Checks that nothing is missing. */
  public GlobalDefinitions {
    Objects.requireNonNull(routerId, "routerId");
    Objects.requireNonNull(timeouts, "timeouts");
    Objects.requireNonNull(syncDaemon, "syncDaemon");
    Objects.requireNonNull(flushOnStop, "flushOnStop");
  }
}
