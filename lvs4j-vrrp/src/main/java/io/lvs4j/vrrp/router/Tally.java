package io.lvs4j.vrrp.router;

import static java.util.Objects.requireNonNull;

import io.lvs4j.api.vrrp.AdvertError;
import io.lvs4j.api.vrrp.VrrpCounters;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The counters of an instance: one thread counts, any thread reads. */
final class Tally {
  /** What is counted beside errors. */
  enum Count {
    ADVERTS_SENT,
    ADVERTS_RECEIVED,
    BECAME_MASTER,
    RELEASED_MASTER,
    PRIORITY_ZERO_SENT,
    PRIORITY_ZERO_RECEIVED,
    ANNOUNCEMENTS_SENT,
    SEND_FAILURES,
    ADDRESSES_RESTORED,
    ADDRESS_CONFLICTS,
    INTERNAL_ERRORS
  }

  private final Map<Count, AtomicLong> counts = zeros(Count.class);
  private final Map<AdvertError, AtomicLong> errors = zeros(AdvertError.class);

  /** The keys never change, so that the map may be read by any thread. */
  private static <K extends Enum<K>> Map<K, AtomicLong> zeros(Class<K> keys) {
    var zeros = new EnumMap<K, AtomicLong>(keys);
    for (var key : keys.getEnumConstants()) {
      zeros.put(key, new AtomicLong());
    }
    return Collections.unmodifiableMap(zeros);
  }

  void add(Count count) {
    var counter = requireNonNull(counts.get(count));
    if (count == Count.INTERNAL_ERRORS) {
      counter.incrementAndGet(); // the only one that several threads count
    } else {
      increment(counter);
    }
  }

  void add(AdvertError error) {
    increment(requireNonNull(errors.get(error)));
  }

  /** One thread writes, so a read and a write need not be one step. */
  private static void increment(AtomicLong counter) {
    counter.setRelease(counter.getPlain() + 1);
  }

  VrrpCounters counters() {
    var byError = new EnumMap<AdvertError, Long>(AdvertError.class);
    errors.forEach((error, counter) -> {
      long count = counter.getAcquire();
      if (count > 0) {
        byError.put(error, count);
      }
    });
    return new VrrpCounters(
        get(Count.ADVERTS_SENT),
        get(Count.ADVERTS_RECEIVED),
        get(Count.BECAME_MASTER),
        get(Count.RELEASED_MASTER),
        get(Count.PRIORITY_ZERO_SENT),
        get(Count.PRIORITY_ZERO_RECEIVED),
        get(Count.ANNOUNCEMENTS_SENT),
        get(Count.SEND_FAILURES),
        get(Count.ADDRESSES_RESTORED),
        get(Count.ADDRESS_CONFLICTS),
        get(Count.INTERNAL_ERRORS),
        byError);
  }

  private long get(Count count) {
    return requireNonNull(counts.get(count)).getAcquire();
  }
}
