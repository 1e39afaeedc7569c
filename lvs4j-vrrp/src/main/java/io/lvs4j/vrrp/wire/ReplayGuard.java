package io.lvs4j.vrrp.wire;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last stamp of each sender, by which a repeated advert is known.
 *
 * <p>Immutable. As many senders are remembered as the protocol can have at a time: the peers of a
 * unicast instance, four on a multicast link, the one longest silent going first.
 */
public final class ReplayGuard {
  private static final int LEAST = 4;

  private final int most;
  private final Map<InetAddress, SigningStamp> latest;

  private ReplayGuard(int most, Map<InetAddress, SigningStamp> latest) {
    this.most = most;
    this.latest = latest;
  }

  /** Returns a guard that knows nobody yet, for an instance with this many unicast peers. */
  public static ReplayGuard forPeers(int unicastPeers) {
    return new ReplayGuard(Math.max(LEAST, unicastPeers), Map.of());
  }

  /** Says whether a stamp is later than the sender's last. */
  boolean isFresh(InetAddress sender, SigningStamp stamp) {
    return Optional.ofNullable(latest.get(sender)).map(stamp::isAfter).orElse(true);
  }

  /** Returns a guard that knows this stamp too. */
  ReplayGuard with(InetAddress sender, SigningStamp stamp) {
    var next = new LinkedHashMap<>(latest);
    next.remove(sender);
    next.put(sender, stamp);
    if (next.size() > most) {
      next.pollFirstEntry();
    }
    return new ReplayGuard(most, next);
  }
}
