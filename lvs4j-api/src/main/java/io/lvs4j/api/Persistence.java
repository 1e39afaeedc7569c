package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Keeps a client on the real server that it had before: after a first connection all further ones
 * from the same address (or the same network) go to the same server while any of them is open and
 * until the timeout has passed since the last of them began.
 *
 * <p>A server that is quiesced or down gives up its clients at once. (The kernel does that only
 * with the sysctl {@code expire_quiescent_template}.)
 */
public final class Persistence {
  private static final Duration LONGEST = Duration.ofDays(31);

  private final Duration timeout;
  private final int prefixV4;
  private final int prefixV6;

  private Persistence(Duration timeout, int prefixV4, int prefixV6) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    this.prefixV4 = prefixV4;
    this.prefixV6 = prefixV6;
  }

  /**
   * Returns persistence by the client's whole address.
   *
   * @param timeout 1 s to 31 days
   */
  public static Persistence byClientAddress(Duration timeout) {
    return new Persistence(timeout, 32, 128);
  }

  /**
   * Returns the same with clients told apart only by the first bits of their address: {@code
   * persistence_granularity}.
   *
   * @param ipv4 prefix length for IPv4 clients, 1 to 32
   * @param ipv6 prefix length for IPv6 clients, 1 to 128
   */
  public Persistence granularity(int ipv4, int ipv6) {
    return new Persistence(timeout, ipv4, ipv6);
  }

  /** Returns how long a client is remembered after its last connection began. */
  public Duration timeout() {
    return timeout;
  }

  /** Returns the prefix length for IPv4 clients. */
  public int prefixV4() {
    return prefixV4;
  }

  /** Returns the prefix length for IPv6 clients. */
  public int prefixV6() {
    return prefixV6;
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.duration(problems, "persistence timeout", timeout, Duration.ofSeconds(1), LONGEST);
    Ranges.number(problems, "persistence granularity for IPv4", prefixV4, 1, 32);
    Ranges.number(problems, "persistence granularity for IPv6", prefixV6, 1, 128);
    return problems;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Persistence that
        && timeout.equals(that.timeout)
        && prefixV4 == that.prefixV4
        && prefixV6 == that.prefixV6;
  }

  @Override
  public int hashCode() {
    return Objects.hash(timeout, prefixV4, prefixV6);
  }

  @Override
  public String toString() {
    return "persistence " + Ranges.text(timeout) + " /" + prefixV4 + " /" + prefixV6;
  }
}
