package io.lvs4j.keepalived.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How long the kernel remembers silent connections: {@code lvs_timeouts}. What is empty stays as
 * the kernel has it.
 *
 * @param tcp of an established connection
 * @param tcpFin of one that is being closed
 * @param udp of a UDP session
 */
public record LvsTimeouts(
    Optional<Duration> tcp, Optional<Duration> tcpFin, Optional<Duration> udp) {
  /** Checks that nothing is missing. */
  public LvsTimeouts {
    Objects.requireNonNull(tcp, "tcp");
    Objects.requireNonNull(tcpFin, "tcpFin");
    Objects.requireNonNull(udp, "udp");
  }
}
