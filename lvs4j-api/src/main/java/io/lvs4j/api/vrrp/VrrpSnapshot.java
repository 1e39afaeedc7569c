package io.lvs4j.api.vrrp;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A VRRP instance at one moment.
 *
 * @param name the name of the instance
 * @param networkInterface the interface that it speaks on; empty with unicast that is left to the
 *     routing table
 * @param virtualRouterId the number that the routers share
 * @param version the version of the protocol
 * @param syncGroup the sync group that it is in
 * @param state what it is doing
 * @param reason why it is in this state, in words; for FAULT everything that is wrong
 * @param since when it came into this state, by the host's clock
 * @param priority the priority that was configured
 * @param effectivePriority the priority under tracking, which its adverts have
 * @param virtualAddresses all addresses that move with the master, excluded ones too
 * @param heldAddresses those of them that are on this host now, claimed by this instance
 * @param master the source address of the master: our own as MASTER, the last one heard as BACKUP;
 *     empty when nobody was heard yet
 * @param transitions how often the state has changed since the start
 * @param counters what was counted since the start
 */
public record VrrpSnapshot(
    String name,
    Optional<String> networkInterface,
    VirtualRouterId virtualRouterId,
    VrrpVersion version,
    Optional<String> syncGroup,
    VrrpState state,
    String reason,
    Instant since,
    Priority priority,
    Priority effectivePriority,
    List<VirtualAddress> virtualAddresses,
    List<VirtualAddress> heldAddresses,
    Optional<InetAddress> master,
    long transitions,
    VrrpCounters counters) {

  /** Copies the lists. */
  public VrrpSnapshot {
    virtualAddresses = List.copyOf(virtualAddresses);
    heldAddresses = List.copyOf(heldAddresses);
  }
}
