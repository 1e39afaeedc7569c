package io.lvs4j.keepalived.model;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The kernel's daemon that tells another director of connections: {@code lvs_sync_daemon}.
 *
 * @param networkInterface where it speaks
 * @param vrrpInstance whose state it follows: master while that is master, backup otherwise
 * @param syncId 0 to 255, the same on both sides
 * @param maxLength the longest message in bytes, 1 to 65507
 * @param port the UDP port
 * @param ttl 1 to 255
 * @param group the multicast group
 */
public record LvsSyncDaemon(
    String networkInterface,
    Optional<String> vrrpInstance,
    OptionalInt syncId,
    OptionalInt maxLength,
    OptionalInt port,
    OptionalInt ttl,
    Optional<InetAddress> group) {
  /** Checks that nothing is missing. */
  public LvsSyncDaemon {
    Objects.requireNonNull(networkInterface, "networkInterface");
    Objects.requireNonNull(vrrpInstance, "vrrpInstance");
    Objects.requireNonNull(syncId, "syncId");
    Objects.requireNonNull(maxLength, "maxLength");
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(ttl, "ttl");
    Objects.requireNonNull(group, "group");
  }
}
