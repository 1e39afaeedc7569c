package io.lvs4j.benchmarks.proxy;

import io.lvs4j.benchmarks.proxy.Contender.Running;
import io.lvs4j.lab.peer.Iperf3;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.lab.peer.Wrk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures lvs4j beside HAProxy and nginx in one run: in every round each kind of load is put on
 * one contender after the other, in another order each time, so that what the host does meanwhile
 * befalls all alike.
 */
public final class ProxyBenchmark {
  private static final int FILES_OF_OUR_OWN = 500;
  private static final List<Row> ADDED =
      List.of(Row.ADDED_KEPT_MEDIAN, Row.ADDED_KEPT_P99, Row.ADDED_NEW_MEDIAN, Row.ADDED_NEW_P99);

  private final Options options;
  private final Machine machine = Machine.here();
  private final Nginx nginx;
  private final Wrk wrk;
  private final Iperf3 iperf;
  private final List<Contender> contenders = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final Map<String, Figures> figures = new LinkedHashMap<>();
  private final Map<String, String> configurations = new LinkedHashMap<>();

  private ProxyBenchmark(Options options, Nginx nginx, Wrk wrk, Iperf3 iperf) {
    this.options = options;
    this.nginx = nginx;
    this.wrk = wrk;
    this.iperf = iperf;
  }

  /** Runs as the arguments say; exit status 2 for bad ones, 3 if the host lacks the client. */
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
    var nginx = Nginx.find();
    var wrk = Wrk.find();
    var iperf = Iperf3.find();
    if (nginx.isEmpty() || wrk.isEmpty() || iperf.isEmpty()) {
      System.err.println(
          "the backends and the client need nginx, wrk and iperf3"
              + " (install them with: apt install nginx-light wrk iperf3)");
      System.exit(3);
      return;
    }
    new ProxyBenchmark(options.get(), nginx.get(), wrk.get(), iperf.get())
        .run(String.join(" ", arguments));
  }

  private void run(String arguments) throws IOException {
    findContenders();
    try (var workspace = Workspace.create()) {
      var backends = Backends.start(workspace, nginx, iperf, machine.files());
      measure(workspace, backends);
      weigh(backends);
    }
    var versions = new ArrayList<String>();
    contenders.forEach(contender -> versions.add(contender.name() + ": " + contender.version()));
    versions.addAll(skipped);
    versions.add("client: " + wrk.version() + "; " + iperf.version());
    var report =
        new Report(
            machine,
            ("./lvs4j bench proxy " + arguments).strip(),
            versions,
            configurations,
            figures);
    System.out.println(report.markdown());
    Path json = options.json().toAbsolutePath();
    Files.createDirectories(json.getParent());
    Files.writeString(json, report.json());
    System.out.println("Every single figure: " + options.json());
  }

  private void findContenders() {
    contenders.add(Contenders.direct(nginx));
    for (String peer : options.peers()) {
      var found =
          switch (peer) {
            case "haproxy" -> Contenders.haproxy();
            case "nginx" -> Contenders.nginxStream(nginx);
            default -> Optional.of(Contenders.lvs4j(options.jvm()));
          };
      found.ifPresentOrElse(contenders::add, () -> skipped.add(peer + ": skipped, not installed"));
    }
    skipped.forEach(ProxyBenchmark::progress);
    contenders.forEach(contender -> figures.put(contender.name(), new Figures()));
  }

  private void measure(Workspace workspace, Backends backends) {
    var meter = new Meter(workspace, wrk, iperf);
    var running = new ArrayList<Running>();
    for (Contender contender : contenders) {
      var started = contender.start(workspace, backends);
      configurations.put(started.name(), started.configuration());
      running.add(started);
      var warmUp = started.heap().isPresent() ? options.warmUp() : Duration.ofSeconds(5);
      progress("warm-up of " + started.name());
      meter.warmUp(started, warmUp);
    }
    for (int round = 1; round <= options.rounds(); round++) {
      progress("round " + round + " of " + options.rounds());
      for (var kind : Meter.Kind.values()) {
        for (Running contender : running) {
          meter.measure(contender, kind, options.slice(), of(contender.name()));
        }
        Collections.rotate(running, 1);
      }
    }
    subtractDirect();
  }

  /** Makes whole latencies those that a proxy adds to the direct way's of the same round. */
  private void subtractDirect() {
    for (Row row : ADDED) {
      var direct = of("direct").remove(row);
      figures.values().forEach(contender -> contender.subtract(row, direct));
    }
  }

  private void weigh(Backends backends) {
    int room = Math.max(0, (machine.files() - FILES_OF_OUR_OWN) / 2);
    int count = Math.min(options.idleConnections(), room);
    if (count == 0) {
      return;
    }
    for (Contender contender : contenders) {
      try (var workspace = Workspace.create()) {
        var fresh = contender.start(workspace, backends);
        if (fresh.process().isPresent()) {
          progress(count + " idle connections through " + contender.name());
          IdleConnections.weigh(fresh, count, of(contender.name()));
        }
      }
    }
  }

  private Figures of(String contender) {
    return figures.computeIfAbsent(contender, first -> new Figures());
  }

  private static void progress(String message) {
    System.err.println(message);
  }
}
