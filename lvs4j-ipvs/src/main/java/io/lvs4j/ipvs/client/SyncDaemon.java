package io.lvs4j.ipvs.client;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A daemon that keeps the connections of two directors the same, by multicast without
 * authentication: use it on a network that nobody else can send to. A network namespace has at most
 * one of each role.
 *
 * @param role which side it is on
 * @param networkInterface where it sends or listens
 * @param syncId 0 to 255; a backup hears masters of the same number, and all when it has 0
 * @param maximumLength of a message's payload in bytes; empty: as the interface allows (1472 at an
 *     MTU of 1500)
 * @param group where messages go; empty: 224.0.0.81
 * @param port where messages go; empty: 8848
 * @param timeToLive of messages, 1 to 255; empty: 1
 */
public record SyncDaemon(
    SyncRole role,
    String networkInterface,
    long syncId,
    OptionalInt maximumLength,
    Optional<InetAddress> group,
    OptionalInt port,
    OptionalInt timeToLive) {

  /** Checks the ranges. */
  public SyncDaemon {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(group, "group");
    Texts.check("network interface", networkInterface);
    Numbers.check("sync id", syncId, 0, Numbers.UNSIGNED);
    maximumLength.ifPresent(bytes -> Numbers.check("maximum length", bytes, 0, 0xffff));
    port.ifPresent(number -> Numbers.check("port", number, 0, 0xffff));
    timeToLive.ifPresent(hops -> Numbers.check("time to live", hops, 0, 0xff));
  }

  /** Returns a daemon with the kernel's defaults. */
  public static SyncDaemon of(SyncRole role, String networkInterface, long syncId) {
    return new SyncDaemon(
        role,
        networkInterface,
        syncId,
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  /** Returns the same with another length of messages, in bytes. */
  public SyncDaemon withMaximumLength(int bytes) {
    return new SyncDaemon(
        role, networkInterface, syncId, OptionalInt.of(bytes), group, port, timeToLive);
  }

  /** Returns the same for another multicast group and port. */
  public SyncDaemon withGroup(InetAddress group, int port) {
    return new SyncDaemon(
        role,
        networkInterface,
        syncId,
        maximumLength,
        Optional.of(group),
        OptionalInt.of(port),
        timeToLive);
  }

  /** Returns the same with messages that live for so many hops. */
  public SyncDaemon withTimeToLive(int hops) {
    return new SyncDaemon(
        role, networkInterface, syncId, maximumLength, group, port, OptionalInt.of(hops));
  }
}
