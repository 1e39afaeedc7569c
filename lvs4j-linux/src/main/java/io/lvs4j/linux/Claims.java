package io.lvs4j.linux;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The claimed addresses: by which mechanism each is held, and when it is to be held anew. */
final class Claims {
  private static final Logger LOG = System.getLogger(LinuxHostNetwork.class.getName());
  // Far enough to mean never, near enough that a difference of two doesn't overflow.
  private static final long NEVER = Long.MAX_VALUE / 4;

  private final AddressHoldings holdings;
  private final Map<VirtualAddressClaim, Held> held = new LinkedHashMap<>();
  // Whether each is held by the right mechanism has not been looked at since.
  private final List<VirtualAddressClaim> fresh = new ArrayList<>();

  private static final class Held {
    AddressHolding holding;
    long refreshAt;
    boolean missing;

    Held(AddressHolding holding) {
      this.holding = holding;
    }
  }

  Claims(AddressHoldings holdings) {
    this.holdings = holdings;
  }

  Set<VirtualAddressClaim> all() {
    return held.keySet();
  }

  /** Says whether an address on an interface is a claimed one. */
  boolean has(String networkInterface, InetAddress address) {
    return held.keySet().stream()
        .anyMatch(claim ->
            claim.networkInterface().equals(networkInterface) && claim.address().equals(address));
  }

  /** Returns whether it was not held before. */
  boolean hold(VirtualAddressClaim claim, long now) throws HostNetworkException {
    var existing = held.get(claim);
    boolean fresh = existing == null;
    if (existing == null) {
      existing = new Held(holdFresh(claim));
      held.put(claim, existing);
      this.fresh.add(claim);
    } else {
      existing.holding.hold(claim);
      existing.missing = false;
    }
    existing.refreshAt = refreshAt(existing, now);
    return fresh;
  }

  /** An error on the way must not leave an address behind that nobody knows of. */
  private AddressHolding holdFresh(VirtualAddressClaim claim) throws HostNetworkException {
    try {
      return holdings.hold(claim);
    } catch (RuntimeException | Error broken) {
      holdings.undo(claim);
      throw broken;
    }
  }

  /** Returns whether it was held. */
  boolean release(VirtualAddressClaim claim) throws HostNetworkException {
    var existing = held.get(claim);
    if (existing == null) {
      return false;
    }
    // Whatever comes of this, it is not refreshed any more, and its end is no news.
    existing.missing = true;
    var holding = existing.holding;
    var same =
        held.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(claim))
            .filter(entry -> entry.getValue().holding.equals(holding))
            .map(Map.Entry::getKey)
            .filter(other -> holding.isOnePlace(claim, other))
            .findFirst();
    if (same.isPresent() && holding.placed(same.get()).equals(holding.placed(claim))) {
      holding.withdraw(claim);
    } else {
      holding.release(claim);
      if (same.isPresent()) {
        // The kernel has it once: as the first claim wanted it, and from now on as this one does.
        holding.hold(same.get());
      }
    }
    held.remove(claim);
    return true;
  }

  /** Moves what was claimed in haste to the mechanism that is right for it. */
  void settle(long now) {
    if (fresh.isEmpty()) {
      return;
    }
    for (var claim : fresh) {
      var state = held.get(claim);
      if (state != null && !state.missing) {
        settle(claim, state, now);
      }
    }
    fresh.clear();
  }

  private void settle(VirtualAddressClaim claim, Held state, long now) {
    var before = state.holding;
    try {
      state.holding = holdings.better(claim, before);
      if (!state.holding.equals(before)) {
        state.refreshAt = refreshAt(state, now);
        before.release(claim);
      }
    } catch (HostNetworkException refused) {
      // It is held, if not in the best way.
      LOG.log(Level.WARNING, "{0}: {1}", claim, refused.getMessage());
    }
  }

  /** Returns the claims that are not on this host any more, each once. */
  List<HostEvent> removed(Inventory present) {
    var removed = new ArrayList<HostEvent>();
    for (var entry : held.entrySet()) {
      var state = entry.getValue();
      if (!state.missing && !state.holding.isHeld(entry.getKey(), present)) {
        state.missing = true;
        removed.add(new HostEvent.AddressRemoved(entry.getKey()));
      }
    }
    return removed;
  }

  /** Returns how long until an address is to be held anew; 0 or less when it is time. */
  long untilRefresh(long now) {
    return held.values().stream()
        .filter(state -> !state.missing)
        .mapToLong(state -> state.refreshAt - now)
        .min()
        .orElse(NEVER);
  }

  /** Holds anew what is due. What was removed stays removed until it is claimed again. */
  void refresh(long now) {
    for (var entry : held.entrySet()) {
      var state = entry.getValue();
      if (state.missing || state.refreshAt - now > 0) {
        continue;
      }
      try {
        state.holding.hold(entry.getKey());
      } catch (HostNetworkException refused) {
        // It lives on until its lifetime ends; there are more attempts before that, and then news.
        LOG.log(Level.WARNING, "refresh {0}: {1}", entry.getKey(), refused.getMessage());
      }
      state.refreshAt = refreshAt(state, now);
    }
  }

  private static long refreshAt(Held state, long now) {
    return now + Math.min(NEVER, state.holding.refreshNanos());
  }
}
