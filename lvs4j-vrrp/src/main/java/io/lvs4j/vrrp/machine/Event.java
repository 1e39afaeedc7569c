package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.VirtualAddress;
import java.time.Duration;

/** Something that an instance has to know of. */
public sealed interface Event {
  /** The instance is to begin. */
  record Start() implements Event {}

  /** An advert came in that is well formed and believed. */
  record AdvertReceived(Heard advert) implements Event {}

  /**
   * The clock has passed the state's deadline. That alone is not believed: when the process stood
   * still the adverts that would have moved the deadline are still in the socket. The answer is
   * {@link Action.DrainSocket}.
   */
  record DeadlineReached() implements Event {}

  /** Everything that arrived before now has been handed in: deadlines that have passed hold. */
  record SocketDrained() implements Event {}

  /** Trackers or interfaces changed. */
  record TrackersChanged(Tracked tracked) implements Event {}

  /**
   * The configuration is another one, but the instance goes on as what it is: it has the same
   * number on the same link.
   *
   * @param before who we were
   */
  record Reconfigured(LocalRouter before) implements Event {}

  /** An address that we claimed is gone, and it was not us. */
  record VirtualAddressLost(VirtualAddress address) implements Event {}

  /**
   * The host stood still in a way that the clock of {@link Moment} doesn't show, such as suspended.
   *
   * @param length for how long
   */
  record StallDetected(Duration length) implements Event {}

  /** All members of the sync group want to be master: now they are. */
  record GroupMaster() implements Event {}

  /**
   * Another member of the sync group is not master any more.
   *
   * @param reason what happened to it
   */
  record GroupBackup(String reason) implements Event {}

  /** Another member of the sync group had to defend its claim: announce ours too. */
  record GroupAnnounce() implements Event {}

  /** The instance is to end. */
  record Shutdown() implements Event {}
}
