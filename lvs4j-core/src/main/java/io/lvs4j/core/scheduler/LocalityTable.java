package io.lvs4j.core.scheduler;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lblc and lblcr remember of each virtual address, and how they forget it (kernel:
 * ip_vs_lblc.c, ip_vs_lblcr.c). Time is what the flows say: the kernel's timer of a minute is made
 * up for by the first flow after it.
 */
final class LocalityTable<E extends LocalityTable.Entry> {
  /** An entry unused for so long goes with the next full sweep (sysctl lblc_expiration). */
  static final long EXPIRATION = 24L * 60 * 60 * 1_000_000_000;

  /** From this number on, no address is remembered that is not yet (kernels of late 2026). */
  static final int MOST_ENTRIES = 24_576;

  private static final long MINUTE = 60L * 1_000_000_000;
  private static final long CROWDED_EXPIRATION = 6 * MINUTE;
  private static final int CROWDED = 16_384;
  private static final int QUIET_MINUTES_TO_FULL_SWEEP = 30;

  /** In the order of use, longest unused first. */
  private final LinkedHashMap<InetAddress, E> entries = new LinkedHashMap<>(16, 0.75f, true);

  private boolean started;
  private long nextMinute;
  private int quietMinutes = 1;

  /** What is remembered of one address. */
  abstract static class Entry {
    long lastUse;
  }

  /** Returns what is remembered of an address, and counts that as a use. */
  @Nullable E use(InetAddress address, long now) {
    forget(now);
    E entry = entries.get(address);
    if (entry != null) {
      entry.lastUse = now;
    }
    return entry;
  }

  /** Remembers something of an address, unless there are too many of them. */
  void remember(InetAddress address, E entry, long now) {
    if (entries.size() < MOST_ENTRIES) {
      entry.lastUse = now;
      entries.put(address, entry);
    }
  }

  private void forget(long now) {
    if (!started) {
      started = true;
      nextMinute = now + MINUTE;
    }
    while (now - nextMinute >= 0) {
      minutePassed(nextMinute);
      nextMinute += MINUTE;
    }
  }

  private void minutePassed(long now) {
    if (quietMinutes == QUIET_MINUTES_TO_FULL_SWEEP) {
      sweep(now, EXPIRATION, entries.size());
      quietMinutes = 1;
    } else if (entries.size() <= CROWDED) {
      quietMinutes++;
    } else {
      int excess = entries.size() - CROWDED;
      sweep(now, CROWDED_EXPIRATION, Math.min(excess * 4 / 3, CROWDED / 2));
    }
  }

  private void sweep(long now, long expiration, int most) {
    Iterator<Map.Entry<InetAddress, E>> eldest = entries.entrySet().iterator();
    for (int swept = 0; swept < most && eldest.hasNext(); swept++) {
      if (now - eldest.next().getValue().lastUse < expiration) {
        return;
      }
      eldest.remove();
    }
  }
}
