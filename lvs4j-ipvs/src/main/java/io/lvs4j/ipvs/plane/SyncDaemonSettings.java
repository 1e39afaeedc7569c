package io.lvs4j.ipvs.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How two directors keep their connections the same, so that a failover breaks none: keepalived's
 * {@code lvs_sync_daemon}. The master's side runs while a VRRP instance is master, the backup's
 * side otherwise.
 *
 * <p>The kernel sends without encryption or authentication, and nothing of what was there before
 * the other director began to listen: use a network that nobody else can send to.
 *
 * @param networkInterface where it sends and listens
 * @param syncId 0 to 255; a backup hears masters of the same number, and all when it has 0
 * @param maximumLength of a message's payload in bytes, 1 to 65507; empty: as the interface allows
 * @param group the multicast group; empty: 224.0.0.81
 * @param port 1 to 65535; empty: 8848
 * @param timeToLive 1 to 255; empty: 1
 */
public record SyncDaemonSettings(
    String networkInterface,
    int syncId,
    OptionalInt maximumLength,
    Optional<InetAddress> group,
    OptionalInt port,
    OptionalInt timeToLive) {
  public SyncDaemonSettings {
    Objects.requireNonNull(networkInterface, "networkInterface");
    Objects.requireNonNull(group, "group");
  }

  /** Returns settings with the kernel's defaults. */
  public static SyncDaemonSettings of(String networkInterface, int syncId) {
    return new SyncDaemonSettings(
        networkInterface,
        syncId,
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  /** Returns the same with another length of messages, in bytes. */
  public SyncDaemonSettings maximumLength(int bytes) {
    return new SyncDaemonSettings(
        networkInterface, syncId, OptionalInt.of(bytes), group, port, timeToLive);
  }

  /** Returns the same with another multicast group. */
  public SyncDaemonSettings group(InetAddress group) {
    return new SyncDaemonSettings(
        networkInterface, syncId, maximumLength, Optional.of(group), port, timeToLive);
  }

  /** Returns the same with another port. */
  public SyncDaemonSettings port(int port) {
    return new SyncDaemonSettings(
        networkInterface, syncId, maximumLength, group, OptionalInt.of(port), timeToLive);
  }

  /** Returns the same with messages that live for so many hops. */
  public SyncDaemonSettings timeToLive(int hops) {
    return new SyncDaemonSettings(
        networkInterface, syncId, maximumLength, group, port, OptionalInt.of(hops));
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (networkInterface.isBlank() || networkInterface.length() > 15) {
      problems.add(new Problem("network interface", networkInterface, "1 to 15 characters"));
    }
    Ranges.number(problems, "sync id", syncId, 0, 255);
    maximumLength.ifPresent(bytes -> Ranges.number(problems, "maximum length", bytes, 1, 65_507));
    port.ifPresent(number -> Ranges.number(problems, "port", number, 1, 65_535));
    timeToLive.ifPresent(hops -> Ranges.number(problems, "time to live", hops, 1, 255));
    group
        .filter(address -> !address.isMulticastAddress())
        .map(address ->
            new Problem("multicast group", Endpoint.literal(address), "a multicast address"))
        .ifPresent(problems::add);
    return problems.stream().map(problem -> problem.within("sync daemon")).toList();
  }

  SyncDaemon as(SyncRole role) {
    return new SyncDaemon(role, networkInterface, syncId, maximumLength, group, port, timeToLive);
  }

  /** Says whether a daemon that runs is one of these settings; what wasn't set may be anything. */
  boolean matches(SyncDaemon running) {
    return running.networkInterface().equals(networkInterface)
        && running.syncId() == syncId
        && (maximumLength.isEmpty() || maximumLength.equals(running.maximumLength()))
        && (group.isEmpty() || group.equals(running.group()))
        && (port.isEmpty() || port.equals(running.port()))
        && (timeToLive.isEmpty() || timeToLive.equals(running.timeToLive()));
  }
}
