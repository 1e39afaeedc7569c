package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/**
 * Who we are: the configuration of an instance and what of the host belongs to it.
 *
 * @param instance the configuration
 * @param source the address that our adverts come from
 * @param synchronised whether the instance is in a sync group, and not to be master by itself
 */
public record LocalRouter(VrrpInstance instance, InetAddress source, boolean synchronised) {
  /** For a successor to notice that its time has come, and for its advert to arrive. */
  private static final Duration TAKEOVER = Duration.ofMillis(100);

  /** Returns a router that is in no sync group. */
  public static LocalRouter of(VrrpInstance instance, InetAddress source) {
    return new LocalRouter(instance, source, false);
  }

  /** Returns the priority under tracking. */
  public Priority priority(Tracked tracked) {
    return instance.priority().adjusted(tracked.offset());
  }

  Duration skew(Tracked tracked, Duration masterInterval) {
    return Timers.skew(instance.version(), priority(tracked), masterInterval);
  }

  Duration masterDown(Tracked tracked, Duration masterInterval) {
    return Timers.masterDown(
        instance.version(), priority(tracked), masterInterval, instance.downTimerAdverts());
  }

  /** Returns after what silence of ours another router may have become master. */
  Duration patienceOfOthers() {
    return Timers.shortestMasterDown(
        instance.version(), instance.advertisementInterval(), instance.downTimerAdverts());
  }

  /** Returns how long after our last advert the weakest backup may need to take over. */
  Duration patienceWithSuccessors() {
    return Timers.longestSkew(instance.version(), instance.advertisementInterval()).plus(TAKEOVER);
  }

  /**
   * Says whether another master's claim is stronger than ours: by priority, and if that is equal by
   * its address taken as an unsigned number (RFC 9568 section 6.4.3).
   */
  boolean isBeatenBy(Heard advert, Tracked tracked) {
    int byPriority = advert.priority().compareTo(priority(tracked));
    return byPriority > 0
        || (byPriority == 0
            && Arrays.compareUnsigned(advert.sender().getAddress(), source.getAddress()) > 0);
  }
}
