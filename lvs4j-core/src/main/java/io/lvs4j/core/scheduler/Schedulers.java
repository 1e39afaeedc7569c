package io.lvs4j.core.scheduler;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The scheduling algorithms of the Linux Virtual Server. They choose as the kernel's do, decision
 * for decision: among servers in the order newest first, the first of equals.
 *
 * <p>Two schedulers from here are equal when their names and flags are. A scheduler that wraps one
 * of them has to pass on {@link Scheduler#forVirtualServer()} and the three notifications.
 */
public final class Schedulers {
  private static final List<String> NAMES =
      List.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh",
          "twos");

  private Schedulers() {}

  /** Returns rr: one server after the other, whatever their weight above 0. */
  public static Scheduler roundRobin() {
    return new RoundRobin();
  }

  /** Returns wrr: one server after the other, each as often in a round as its weight. */
  public static Scheduler weightedRoundRobin() {
    return new WeightedRoundRobin();
  }

  /** Returns lc: the fewest connections, whatever the weight above 0. */
  public static Scheduler leastConnection() {
    return new LeastConnection();
  }

  /** Returns wlc, the default: the fewest connections in proportion to weight. */
  public static Scheduler weightedLeastConnection() {
    return new WeightedLeastConnection();
  }

  /**
   * Returns lblc: the server that the same virtual address had before, while it is not too busy.
   */
  public static Scheduler localityBasedLeastConnection() {
    return new LocalityBasedLeastConnection();
  }

  /** Returns lblcr: as lblc, with a set of servers for each virtual address. */
  public static Scheduler localityBasedLeastConnectionWithReplication() {
    return new LocalityBasedLeastConnectionWithReplication();
  }

  /** Returns dh: by a hash of the virtual address, weights apart. */
  public static Scheduler destinationHashing() {
    return new DestinationHashing();
  }

  /** Returns sh: by a hash of the client's address, each server with a share by its weight. */
  public static Scheduler sourceHashing(HashFlag... flags) {
    return new SourceHashing(setOf(flags));
  }

  /** Returns sed: the fewest active connections in proportion to weight, the new one counted in. */
  public static Scheduler shortestExpectedDelay() {
    return new ShortestExpectedDelay();
  }

  /** Returns nq: a server without an active connection if there is one, else as sed. */
  public static Scheduler neverQueue() {
    return new NeverQueue();
  }

  /** Returns fo: the server of the greatest weight, the next one only when it is not available. */
  public static Scheduler weightedFailover() {
    return new WeightedFailover();
  }

  /**
   * Returns ovf: the server of the greatest weight until it has more active connections than that,
   * then the next one.
   */
  public static Scheduler weightedOverflow() {
    return new WeightedOverflow();
  }

  /**
   * Returns mh: by a hash of the client's address that moves few clients when a server comes or
   * goes, and none when one is quiesced.
   */
  public static Scheduler maglevHashing(HashFlag... flags) {
    return new MaglevHashing(setOf(flags));
  }

  /** Returns twos: the less loaded of two servers drawn at random in proportion to weight. */
  public static Scheduler powerOfTwoChoices() {
    return new PowerOfTwoChoices();
  }

  /** Returns the names of all algorithms, as ipvsadm knows them. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Returns the algorithm that ipvsadm knows by a name, without flags.
   *
   * @throws InvalidConfigurationException when there is no such algorithm
   */
  public static Scheduler byName(String name) {
    return byName(name, Set.of());
  }

  /**
   * Returns the algorithm that ipvsadm knows by a name and flags.
   *
   * @param name such as {@code sh}
   * @param flags such as {@code sh-port}; only {@code sh} and {@code mh} have any
   * @throws InvalidConfigurationException when there is no such algorithm, or it has no such flag
   */
  public static Scheduler byName(String name, Set<String> flags) {
    if (!NAMES.contains(name)) {
      throw new InvalidConfigurationException(
          List.of(new Problem("scheduler", name, "one of " + String.join(", ", NAMES))));
    }
    Set<HashFlag> hashFlags = hashFlags(name, flags);
    return switch (name) {
      case "rr" -> roundRobin();
      case "wrr" -> weightedRoundRobin();
      case "lc" -> leastConnection();
      case "wlc" -> weightedLeastConnection();
      case "lblc" -> localityBasedLeastConnection();
      case "lblcr" -> localityBasedLeastConnectionWithReplication();
      case "dh" -> destinationHashing();
      case "sh" -> new SourceHashing(hashFlags);
      case "sed" -> shortestExpectedDelay();
      case "nq" -> neverQueue();
      case "fo" -> weightedFailover();
      case "ovf" -> weightedOverflow();
      case "mh" -> new MaglevHashing(hashFlags);
      case "twos" -> powerOfTwoChoices();
      default -> throw new IllegalStateException(name);
    };
  }

  /**
   * Returns the scheduler that decides as this one is described to. One that only has the name of a
   * kernel's, as a keepalived.conf does that was read without a source of schedulers, is replaced
   * by the algorithm of that name.
   */
  public static Scheduler deciding(Scheduler scheduler) {
    return scheduler instanceof LvsScheduler named && !(scheduler instanceof BuiltInScheduler)
        ? byName(named.name(), named.flags())
        : scheduler;
  }

  private static Set<HashFlag> hashFlags(String name, Set<String> flags) {
    var known = name.equals("sh") || name.equals("mh") ? HashFlag.values() : new HashFlag[0];
    var found = EnumSet.noneOf(HashFlag.class);
    var unknown = new ArrayList<>(flags);
    for (HashFlag flag : known) {
      if (unknown.remove(flag.of(name))) {
        found.add(flag);
      }
    }
    String expected =
        known.length == 0
            ? "none"
            : String.join(", ", Arrays.stream(known).map(flag -> flag.of(name)).toList());
    InvalidConfigurationException.throwIfAny(
        unknown.stream()
            .sorted()
            .map(flag -> new Problem("scheduler " + name + ": flag", flag, expected))
            .toList());
    return found;
  }

  private static Set<HashFlag> setOf(HashFlag... flags) {
    var set = EnumSet.noneOf(HashFlag.class);
    set.addAll(Arrays.asList(flags));
    return set;
  }
}
