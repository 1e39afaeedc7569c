package io.lvs4j.api.vrrp;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A router to which adverts are sent by name where multicast doesn't get through.
 *
 * @param address its address
 * @param leastTtl the least TTL or hop limit with which its adverts may arrive, 0 to 255
 * @param mostTtl the greatest, 0 to 255
 */
public record UnicastPeer(InetAddress address, int leastTtl, int mostTtl) {
  /** Checks the ranges. */
  public UnicastPeer {
    Objects.requireNonNull(address, "address");
    if (leastTtl < 0 || mostTtl > 255 || leastTtl > mostTtl) {
      throw new IllegalArgumentException(
          "TTL: " + leastTtl + "-" + mostTtl + " (expected: a range within 0-255)");
    }
  }

  /**
   * Returns a peer whose adverts may arrive with any TTL.
   *
   * @throws InvalidConfigurationException when the text is not an IP address
   */
  public static UnicastPeer of(String address) {
    var problems = new ArrayList<Problem>();
    var parsed = parse(problems, address);
    InvalidConfigurationException.throwIfAny(problems);
    return Objects.requireNonNull(parsed);
  }

  static @Nullable UnicastPeer parse(List<Problem> problems, String address) {
    var parsed = IpLiteral.parse(problems, "unicast peer", address);
    return parsed == null ? null : new UnicastPeer(parsed, 0, 255);
  }

  /** Returns the same with bounds for the TTL; this also makes its adverts' source be checked. */
  public UnicastPeer ttl(int least, int most) {
    return new UnicastPeer(address, least, most);
  }

  /** Says whether the TTL of its adverts is looked at. */
  public boolean isTtlChecked() {
    return leastTtl > 0 || mostTtl < 255;
  }

  @Override
  public String toString() {
    return Endpoint.literal(address);
  }
}
