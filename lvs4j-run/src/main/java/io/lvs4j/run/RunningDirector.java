package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.diagnostic.Diagnostic;
import io.lvs4j.keepalived.diagnostic.Severity;
import io.lvs4j.run.signal.EventLines;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A director and the configuration that is in force, which a reload changes. */
final class RunningDirector {
  private final Director director;
  private final ConfigurationFile file;
  private final EventLines lines;
  private final DataPlane plane;
  private Servable servable;
  private KeepalivedConfiguration present;

  RunningDirector(
      Director director,
      ConfigurationFile file,
      Servable servable,
      DataPlane plane,
      EventLines lines) {
    this.director = director;
    this.file = file;
    this.servable = servable;
    this.present = servable.configuration();
    this.plane = plane;
    this.lines = lines;
  }

  /** Applies what is different in what was read, or says why it stays as it is. */
  void reload(Reading reading) {
    KeepalivedConfiguration next;
    Servable nextServable;
    try {
      next = reading.configuration();
      next.diagnostics().stream()
          .filter(each -> each.severity() != Severity.NOTE)
          .forEach(each -> lines.tell(Level.WARNING, RunCommand.words(each)));
      InvalidConfigurationException.throwIfAny(file.emptiness(next));
      InvalidConfigurationException.throwIfAny(newErrors(next));
      nextServable = servable.next(next, plane);
      nextServable
          .problems()
          .forEach(
              problem -> lines.tell(Level.ERROR, problem + "; the virtual server is left out"));
      next = nextServable.configuration();
    } catch (LvsException refused) {
      kept(present, refused);
      return;
    }
    try {
      director.reconfigure(next.virtualServers(), next.vrrpInstances(), next.syncGroups());
    } catch (LvsException refused) {
      kept(next, refused);
      return;
    }
    if (!present.definitions().equals(next.definitions())) {
      lines.tell(Level.WARNING, "global_defs: changes of the director as a whole need a new start");
    }
    lines.tell(Level.INFO, "reloaded " + file + ": " + difference(present, next));
    servable = nextServable;
    present = next;
  }

  /** What is asked for and left out now, and was not before: that isn't what was meant. */
  private List<Problem> newErrors(KeepalivedConfiguration next) {
    var before = new ArrayList<String>();
    errors(present).forEach(each -> before.add(each.text()));
    // Each of the old ones stands for one: the same word in one more block is new.
    return errors(next).stream()
        .filter(each -> !before.remove(each.text()))
        .map(Diagnostic::toProblem)
        .toList();
  }

  private static List<Diagnostic> errors(KeepalivedConfiguration configuration) {
    return configuration.diagnostics().stream()
        .filter(each -> each.severity().compareTo(Severity.LEFT_OUT) >= 0)
        .toList();
  }

  private void kept(KeepalivedConfiguration about, LvsException refused) {
    refused
        .problems()
        .forEach(problem -> lines.tell(Level.ERROR, about.located(problem).toString()));
    for (var stuck : refused.getSuppressed()) {
      lines.tell(Level.ERROR, "going back: " + stuck.getMessage());
    }
    lines.tell(Level.ERROR, "not reloaded: the configuration stays as it was");
  }

  private static Map<VirtualServerId, VirtualServer> byId(KeepalivedConfiguration configuration) {
    var servers = new LinkedHashMap<VirtualServerId, VirtualServer>();
    configuration.virtualServers().forEach(each -> servers.put(each.id(), each));
    return servers;
  }

  private static String difference(KeepalivedConfiguration from, KeepalivedConfiguration to) {
    var before = byId(from);
    var after = byId(to);
    long added = after.keySet().stream().filter(id -> !before.containsKey(id)).count();
    long removed = before.keySet().stream().filter(id -> !after.containsKey(id)).count();
    long changed =
        after.entrySet().stream()
            .filter(each -> before.containsKey(each.getKey()))
            .filter(each -> !Objects.equals(before.get(each.getKey()), each.getValue()))
            .count();
    var instances = to.vrrpInstances();
    long altered =
        instances.stream().filter(each -> !from.vrrpInstances().contains(each)).count()
            + from.vrrpInstances().stream()
                .filter(
                    each -> instances.stream().noneMatch(other -> other.name().equals(each.name())))
                .count();
    return "virtual servers: "
        + added
        + " added, "
        + removed
        + " removed, "
        + changed
        + " changed; VRRP instances: "
        + altered
        + " changed";
  }
}
