package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A signature of 28 bytes behind every advert, as keepalived 2.4.2 and later put it ({@code
 * auth_hmac}): HMAC-SHA256 cut to 128 bits, with a time stamp against replays.
 *
 * @param keys all keys that are accepted, so that they can be changed one router at a time
 * @param activeKey the id of the key to sign with
 * @param antiReplay what makes a repeated advert known
 * @param timeWindow how far a time stamp may be off, 1 s to 300 s; empty means three intervals, but
 *     5 s at least
 * @param mode whether adverts without a signature are accepted, and whether ours have one
 */
public record HmacAuthentication(
    List<HmacKey> keys,
    int activeKey,
    AntiReplay antiReplay,
    Optional<Duration> timeWindow,
    Mode mode)
    implements Authentication {

  /** What makes a repeated advert known. */
  public enum AntiReplay {
    /** Stamps have to grow and to be near the time of day; the routers' clocks have to agree. */
    TIME,
    /** Stamps have to grow. */
    MONOTONIC
  }

  /** The steps in which a group of routers is brought to signed adverts. */
  public enum Mode {
    /** Adverts are signed, and only signed ones are accepted. */
    ENFORCE,
    /** Adverts are signed; those without a signature are accepted too. */
    PERMISSIVE,
    /** Adverts are not signed yet; signed ones are checked, others accepted. */
    RECEIVE_ONLY
  }

  /** Copies the keys. */
  public HmacAuthentication {
    keys = List.copyOf(keys);
    Objects.requireNonNull(antiReplay, "antiReplay");
    Objects.requireNonNull(timeWindow, "timeWindow");
    Objects.requireNonNull(mode, "mode");
  }

  /** Returns enforced authentication with one key and time stamps near the time of day. */
  public static HmacAuthentication of(HmacKey key) {
    return new HmacAuthentication(
        List.of(key), key.id(), AntiReplay.TIME, Optional.empty(), Mode.ENFORCE);
  }

  /** Returns the same with one more key that is accepted. */
  public HmacAuthentication alsoAccepting(HmacKey key) {
    var all = new ArrayList<>(keys);
    all.add(key);
    return new HmacAuthentication(all, activeKey, antiReplay, timeWindow, mode);
  }

  /** Returns the same with another way to know repeated adverts. */
  public HmacAuthentication antiReplay(AntiReplay antiReplay) {
    return new HmacAuthentication(keys, activeKey, antiReplay, timeWindow, mode);
  }

  /** Returns the same with another bound for time stamps: 1 s to 300 s. */
  public HmacAuthentication timeWindow(Duration window) {
    return new HmacAuthentication(keys, activeKey, antiReplay, Optional.of(window), mode);
  }

  /** Returns the same in another mode. */
  public HmacAuthentication mode(Mode mode) {
    return new HmacAuthentication(keys, activeKey, antiReplay, timeWindow, mode);
  }

  /** Returns the key of this id. */
  public Optional<HmacKey> key(int id) {
    return keys.stream().filter(key -> key.id() == id).findFirst();
  }

  /** Returns the bound for time stamps with this interval between adverts. */
  public Duration timeWindowFor(Duration advertisementInterval) {
    var least = Duration.ofSeconds(5);
    var three = advertisementInterval.multipliedBy(3);
    return timeWindow.orElse(three.compareTo(least) < 0 ? least : three);
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    var ids = new HashSet<Integer>();
    for (var key : keys) {
      problems.addAll(key.problems());
      if (!ids.add(key.id())) {
        problems.add(new Problem("HMAC key " + key.id(), "given twice", "each id once"));
      }
    }
    if (key(activeKey).isEmpty()) {
      problems.add(
          new Problem("active HMAC key", Integer.toString(activeKey), "the id of one of the keys"));
    }
    timeWindow.ifPresent(window ->
        Ranges.duration(
            problems, "HMAC time window", window, Duration.ofSeconds(1), Duration.ofSeconds(300)));
    return problems;
  }
}
