package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.router.Tally.Count;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The virtual addresses that are on this host. An address that several instances have stays until
 * the last of them releases it. One that can't be taken off is tried again every second: two hosts
 * with one address are what this library is there to prevent.
 */
final class Addresses {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final HostNetwork network;
  private final RouterLog log;
  private final Map<VirtualAddressClaim, Map<Member, VirtualAddress>> held = new LinkedHashMap<>();
  private final Map<VirtualAddressClaim, Member> stuck = new LinkedHashMap<>();
  private Optional<Moment> retryAt = Optional.empty();

  /** Whose address a claim is. */
  record Owner(Member member, VirtualAddress address) {}

  Addresses(HostNetwork network, RouterLog log) {
    this.network = network;
    this.log = log;
  }

  /** Makes ready what claiming the addresses of an instance will take. */
  void prepare(Member member) {
    for (var address : member.instance.allAddresses()) {
      try {
        network.prepare(claimOf(member, address));
      } catch (RuntimeException | Error failed) {
        log.failed(member.name() + ": preparation", failed); // the claim does without
      }
    }
  }

  /** Claims all addresses of an instance, and returns why some couldn't be, in words. */
  List<String> claim(Member member) {
    var failures = new ArrayList<String>();
    for (var address : member.instance.allAddresses()) {
      claim(member, address).ifPresent(failures::add);
    }
    return failures;
  }

  /** Claims one address, and returns why it couldn't be. */
  Optional<String> claim(Member member, VirtualAddress address) {
    var claim = claimOf(member, address);
    try {
      network.claim(claim);
      held.computeIfAbsent(claim, _ -> new LinkedHashMap<>()).put(member, address);
      stuck.remove(claim);
      return Optional.empty();
    } catch (HostNetworkException refused) {
      log.warn(member.name() + " claim", member.name() + ": " + refused.getMessage());
      return Optional.of(String.valueOf(refused.getMessage()));
    } catch (RuntimeException | Error failed) {
      member.tally.add(Count.INTERNAL_ERRORS);
      log.failed(member.name() + ": claim of " + claim, failed);
      // It may be there, and whoever claims it again or gives up releases it.
      held.computeIfAbsent(claim, _ -> new LinkedHashMap<>()).put(member, address);
      return Optional.of("claim " + claim + ": internal error: " + RouterLog.words(failed));
    }
  }

  /** Takes all addresses of an instance from this host. */
  void release(Member member, Moment now) {
    release(member, member.instance.allAddresses(), now);
  }

  /** Takes some addresses of an instance from this host. */
  void release(Member member, List<VirtualAddress> addresses, Moment now) {
    for (var address : addresses) {
      var claim = claimOf(member, address);
      var owners = held.getOrDefault(claim, Map.of());
      if (owners.containsKey(member) && owners.size() > 1) {
        owners.remove(member);
      } else if (owners.isEmpty() || owners.containsKey(member)) {
        stuck.remove(claim);
        held.remove(claim);
        release(member, claim, now);
      }
    }
  }

  /** Returns those of the addresses that an instance had which are none of its addresses now. */
  static List<VirtualAddress> without(
      Member member, List<VirtualAddress> before, List<VirtualAddress> now) {
    var claims = now.stream().map(address -> claimOf(member, address)).toList();
    return before.stream().filter(address -> !claims.contains(claimOf(member, address))).toList();
  }

  private void release(Member member, VirtualAddressClaim claim, Moment now) {
    try {
      network.release(claim);
    } catch (HostNetworkException refused) {
      log.warn("release " + claim, refused.getMessage() + " (tried again every second)");
      stuck.put(claim, member);
      retryAt = Optional.of(now.plus(RETRY));
    } catch (RuntimeException | Error failed) {
      member.tally.add(Count.INTERNAL_ERRORS);
      log.failed(member.name() + ": release of " + claim, failed);
      stuck.put(claim, member);
      retryAt = Optional.of(now.plus(RETRY));
    }
  }

  /** Returns when the next attempt is due to take off what couldn't be. */
  Optional<Moment> retryAt() {
    return retryAt;
  }

  /** Tries again to take off what couldn't be, when it is time. */
  void retry(Moment now) {
    if (retryAt.filter(at -> at.hasCome(now)).isEmpty()) {
      return;
    }
    retryAt = Optional.empty();
    var again = new LinkedHashMap<>(stuck);
    stuck.clear();
    again.forEach((claim, member) -> release(member, claim, now));
  }

  /** Returns whose address a claim is; empty when it is nobody's any more. */
  List<Owner> owners(VirtualAddressClaim claim) {
    return held.getOrDefault(claim, Map.of()).entrySet().stream()
        .map(entry -> new Owner(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Returns the addresses of an instance that are on this host. */
  List<VirtualAddress> of(Member member) {
    return member.instance.allAddresses().stream()
        .filter(
            address -> held.getOrDefault(claimOf(member, address), Map.of()).containsKey(member))
        .toList();
  }

  /** Returns the interface that an address goes to. */
  static String networkInterface(Member member, VirtualAddress address) {
    return address.networkInterface().or(member.instance::networkInterface).orElseThrow();
  }

  private static VirtualAddressClaim claimOf(Member member, VirtualAddress address) {
    boolean hostRoute = address.address() instanceof Inet6Address && address.prefixLength() == 128;
    return new VirtualAddressClaim(
        networkInterface(member, address),
        address.address(),
        address.prefixLength(),
        address.label(),
        address.scope(),
        address.preferredLifetime().map(lifetime -> !lifetime.isZero()).orElse(!hostRoute));
  }
}
