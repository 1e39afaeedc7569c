package io.lvs4j.benchmarks.failover;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.vrrp.Lvs4jProgram;
import io.lvs4j.lab.vrrp.RouterProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures lvs4j beside keepalived in one run: each has two routers and a client on a network of
 * its own, and in every round each fault befalls the one and then the other.
 */
public final class FailoverBenchmark {
  private final Options options;
  private final List<RouterProgram> programs = new ArrayList<>();
  private final Map<Case, Map<String, Outages>> outages = new LinkedHashMap<>();
  private final Map<String, Weights> weights = new LinkedHashMap<>();

  private FailoverBenchmark(Options options) {
    this.options = options;
    programs.add(new Lvs4jProgram(options.jvm()));
    RouterProgram.keepalived().ifPresent(programs::add);
  }

  /** Runs as the arguments say; exit status 2 for bad ones, 3 if the host lacks something. */
  public static void main(String[] arguments) throws IOException {
    var target = Path.of(System.getProperty("lvs4j.target", "target"));
    Optional<Options> options;
    try {
      options = Options.parse(List.of(arguments), target);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.isEmpty()) {
      System.out.print(Options.USAGE);
      return;
    }
    var obstacle = LabNetwork.obstacle().or(Capture::obstacle);
    if (obstacle.isPresent()) {
      System.err.println("two hosts and a client: " + obstacle.get());
      System.exit(3);
      return;
    }
    new FailoverBenchmark(options.get()).run(String.join(" ", arguments));
  }

  private void run(String arguments) throws IOException {
    if (options.rounds() > 0) {
      options.intervals().forEach(this::measure);
    }
    if (options.instances() > 0) {
      for (RouterProgram program : programs) {
        progress(options.instances() + " instances of " + program.name());
        weights.put(program.name(), Weights.of(program, options.instances(), options.weighing()));
      }
    }
    var report =
        new Report(
            ("./lvs4j bench failover " + arguments).strip(),
            programs.stream().map(program -> program.name() + ": " + program.version()).toList(),
            programs.stream().map(RouterProgram::name).toList(),
            outages,
            options.instances(),
            weights);
    System.out.println(report.markdown());
    Path json = options.json().toAbsolutePath();
    Files.createDirectories(json.getParent());
    Files.writeString(json, report.json());
    System.out.println("Every single figure: " + options.json());
  }

  private void measure(Duration interval) {
    var contests = new LinkedHashMap<String, Contest>();
    try {
      programs.forEach(program -> contests.put(program.name(), new Contest(program, interval)));
      for (int round = 0; round < options.rounds(); round++) {
        progress(
            "adverts each %d ms, round %d of %d"
                .formatted(interval.toMillis(), round + 1, options.rounds()));
        // Alike for all contenders, so that none has the luck of faults just before an advert.
        var phase = interval.multipliedBy(2L * round + 1).dividedBy(2L * options.rounds());
        for (Fault fault : Fault.values()) {
          contests.forEach((name, contest) -> {
            contest.strike(fault, phase, figures(interval, fault.label(), name));
            contest.mend(fault, figures(interval, Case.RETURN, name));
          });
        }
      }
    } finally {
      contests.values().forEach(Contest::close);
    }
  }

  private Outages figures(Duration interval, String what, String name) {
    return outages
        .computeIfAbsent(new Case(interval, what), first -> new LinkedHashMap<>())
        .computeIfAbsent(name, first -> new Outages());
  }

  private static void progress(String message) {
    System.err.println(message);
  }
}
