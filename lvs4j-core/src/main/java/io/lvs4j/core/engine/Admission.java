package io.lvs4j.core.engine;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.Problem;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.scheduler.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What stands in the way of serving virtual servers, all of it at once. */
public final class Admission {
  private Admission() {}

  /** Returns all that keeps virtual servers from being served together by a plane. */
  public static List<Problem> problems(List<VirtualServer> definitions, DataPlane plane) {
    var problems = new ArrayList<Problem>();
    for (int i = 0; i < definitions.size(); i++) {
      var id = definitions.get(i).id();
      for (int j = 0; j < i; j++) {
        overlap(id, definitions.get(j).id()).forEach(problems::add);
      }
    }
    problems.addAll(unsupported(definitions, plane));
    problems.addAll(plane.conflicts(definitions));
    for (var definition : definitions) {
      SlowStart.unsupported(definition).forEach(problems::add);
    }
    return problems;
  }

  /** Returns what the host lacks for the checks of virtual servers. */
  public static List<Problem> uncheckable(List<VirtualServer> definitions, HealthSource health) {
    return definitions.stream()
        .flatMap(definition ->
            definition.realServers().stream()
                .flatMap(server ->
                    health.obstacles(server.endpoint(), definition.healthChecksOf(server)).stream())
                .distinct()
                .map(problem -> problem.within("virtual server " + definition.id())))
        .toList();
  }

  /** Returns what a plane can't do of virtual servers. */
  public static List<Problem> unsupported(List<VirtualServer> definitions, DataPlane plane) {
    return definitions.stream()
        .flatMap(definition ->
            Stream.concat(
                plane.unsupported(withScheduler(definition)).stream(),
                unseenFailures(definition, plane)))
        .toList();
  }

  private static Stream<Problem> unseenFailures(VirtualServer definition, DataPlane plane) {
    return definition.passiveHealth().isEmpty() || plane.isReportingFailures()
        ? Stream.empty()
        : Stream.of(
            new Problem(
                "virtual server " + definition.id() + ": passive health",
                "the " + plane.name() + " plane does not see connections fail",
                "the proxy plane"));
  }

  /** Returns what keeps a virtual server from being served, whatever others there are. */
  static List<Problem> problems(VirtualServer definition, DataPlane plane, HealthSource health) {
    var problems = new ArrayList<>(problems(List.of(definition), plane));
    problems.addAll(uncheckable(List.of(definition), health));
    return problems;
  }

  /** Returns all that keeps a real server from being one of a virtual server's. */
  static List<Problem> problems(
      VirtualServer definition, RealServer server, DataPlane plane, HealthSource health) {
    var problems = definition.problemsOf(server);
    if (!problems.isEmpty()) {
      return problems;
    }
    // By itself, so that only what is wrong with it is told: the quorum is the others' affair.
    var alone = definition.toBuilder().realServers(List.of(server)).quorum(1).hysteresis(0).build();
    return Stream.concat(
            plane.unsupported(alone).stream(), uncheckable(List.of(alone), health).stream())
        .toList();
  }

  /** Returns the problem of two virtual servers that would get the same packets. */
  static Stream<Problem> overlap(VirtualServerId one, VirtualServerId other) {
    return one.overlaps(other)
        ? Stream.of(
            new Problem(
                "virtual server " + one,
                "overlaps with virtual server " + other,
                "one virtual server for an address, port and protocol"
                    + (one.family() == other.family() ? "" : "; :: serves IPv4 too")))
        : Stream.empty();
  }

  /**
   * Returns a definition with a scheduler that decides: the default if it names none, and the one
   * of that name if it has only the name of one of LVS's, as files do.
   */
  public static VirtualServer withScheduler(VirtualServer definition) {
    var scheduler = definition.scheduler().orElseGet(Schedulers::weightedLeastConnection);
    var deciding = scheduler instanceof LvsScheduler named ? named(named) : scheduler;
    return definition.scheduler().filter(deciding::equals).isPresent()
        ? definition
        : definition.toBuilder().scheduler(deciding).build();
  }

  private static Scheduler named(LvsScheduler scheduler) {
    try {
      return Schedulers.byName(scheduler.name(), scheduler.flags());
    } catch (InvalidConfigurationException unknown) {
      // The kernel may have more of them; a plane that hasn't says so.
      return scheduler;
    }
  }
}
