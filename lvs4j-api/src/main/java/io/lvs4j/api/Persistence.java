package io.lvs4j.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

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
  private static final Pattern ENGINE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,15}");

  private final Duration timeout;
  private final int prefixV4;
  private final int prefixV6;

  private final Optional<String> engine;

  private Persistence(Duration timeout, int prefixV4, int prefixV6, Optional<String> engine) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    this.prefixV4 = prefixV4;
    this.prefixV6 = prefixV6;
    this.engine = engine;
  }

  /**
   * Returns persistence by the client's whole address.
   *
   * @param timeout 1 s to 31 days
   */
  public static Persistence byClientAddress(Duration timeout) {
    return new Persistence(timeout, 32, 128, Optional.empty());
  }

  /**
   * Returns the same with clients told apart only by the first bits of their address: {@code
   * persistence_granularity}. With 0 all clients are one and go to the same server.
   *
   * @param ipv4 prefix length for IPv4 clients, 0 to 32
   * @param ipv6 prefix length for IPv6 clients, 0 to 128; the kernel's IPVS takes no 0
   */
  public Persistence granularity(int ipv4, int ipv6) {
    return new Persistence(timeout, ipv4, ipv6, engine);
  }

  /**
   * Returns the same with clients told apart by what an engine of the kernel finds in their
   * packets, in place of their address: {@code persistence_engine}. Only a data plane in the kernel
   * has any.
   *
   * @param name such as {@code sip}, which goes by the Call-ID: 1 to 15 letters, digits, - or _
   */
  public Persistence engine(String name) {
    return new Persistence(timeout, prefixV4, prefixV6, Optional.of(name));
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

  /** Returns the name of the engine that tells clients apart; empty means their address does. */
  public Optional<String> engine() {
    return engine;
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.duration(problems, "persistence timeout", timeout, Duration.ofSeconds(1), LONGEST);
    Ranges.number(problems, "persistence granularity for IPv4", prefixV4, 0, 32);
    Ranges.number(problems, "persistence granularity for IPv6", prefixV6, 0, 128);
    engine
        .filter(name -> !ENGINE_NAME.matcher(name).matches())
        .map(name ->
            new Problem("persistence engine", name, "1 to 15 letters, digits, - or _, such as sip"))
        .ifPresent(problems::add);
    return problems;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Persistence that
        && timeout.equals(that.timeout)
        && prefixV4 == that.prefixV4
        && prefixV6 == that.prefixV6
        && engine.equals(that.engine);
  }

  @Override
  public int hashCode() {
    return Objects.hash(timeout, prefixV4, prefixV6, engine);
  }

  @Override
  public String toString() {
    return "persistence "
        + Ranges.text(timeout)
        + " /"
        + prefixV4
        + " /"
        + prefixV6
        + engine.map(name -> " by " + name).orElse("");
  }
}
