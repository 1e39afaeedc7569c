package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Priority;
import java.net.InetAddress;
import java.time.Duration;

/**
 * What counts of an advert that was received and believed.
 *
 * @param sender its source address
 * @param priority the sender's claim
 * @param interval the time between two of the sender's adverts
 * @param age how long ago it arrived; zero where that isn't known
 */
public record Heard(InetAddress sender, Priority priority, Duration interval, Duration age) {
  /** Has arrived just now, as far as is known. */
  public Heard(InetAddress sender, Priority priority, Duration interval) {
    this(sender, priority, interval, Duration.ZERO);
  }

  /** Returns when it arrived, on a clock that says it is now. */
  Moment arrivedAt(Moment now) {
    return now.minus(age);
  }
}
