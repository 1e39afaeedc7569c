package io.lvs4j.benchmarks.ipvs;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import io.lvs4j.lab.peer.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The program in the guest: makes a large table by lvs4j and by ipvsadm, in turns. */
final class TableTimes {
  private static final int WARM_UP = 20;
  private static final String RESTORE = "ipvsadm --restore";
  // A line a virtual server, on a console, would take longer than what is measured.
  private static final Logger LOG = Logger.getLogger("io.lvs4j.ipvs");

  private final Options options;
  private final SampleTable table;
  private final RestoreProgram restore = new RestoreProgram();
  private final Program shell = Program.find("sh").orElseThrow();
  private final Map<String, List<Long>> nanos = new LinkedHashMap<>();
  private final Map<String, Long> kilobytes = new LinkedHashMap<>();

  private TableTimes(Options options) {
    this.options = options;
    this.table = new SampleTable(options.services(), options.servers());
  }

  /** Takes the options of {@link Options}. */
  public static void main(String[] arguments) throws Exception {
    LOG.setLevel(Level.WARNING);
    new TableTimes(Options.parse(List.of(arguments)).orElseThrow()).run();
    System.exit(0);
  }

  private interface Step {
    void run() throws Exception;
  }

  private void run() throws Exception {
    var lines = table.lines();
    var changes = table.changes();
    // Once before, so that what is measured is neither class loading nor the first scheduler.
    byClient(new SampleTable(WARM_UP, options.servers()).changes());
    flush();
    long idle = used();
    for (int round = 0; round < options.rounds(); round++) {
      byIpvsadm(lines);
      byClient(changes);
      byClientOneByOne(changes);
      byPlane(round == 0, idle);
    }
    print();
  }

  private void byIpvsadm(List<String> lines) throws Exception {
    var empty = KernelMemory.now();
    measure(RESTORE, () -> kilobytes.merge(RESTORE + ", at most", restore.run(lines), Math::max));
    var full = KernelMemory.now().minus(empty);
    // What the kernel has freed it may keep for the next time: only the first time tells.
    kilobytes.putIfAbsent("the kernel's table: slab", full.slab());
    kilobytes.putIfAbsent("the kernel's table: per processor", full.perCpu());
    measure("ipvsadm --save -n", () -> must("ipvsadm --save -n > /dev/null"));
    measure("ipvsadm --clear", () -> must("ipvsadm --clear"));
  }

  private void must(String command) {
    String answer = shell.answer("-c", command);
    if (!answer.isEmpty()) {
      throw new IllegalStateException(command + ": " + answer + " (expected: nothing)");
    }
  }

  private void byClient(List<IpvsChange> changes) throws Exception {
    try (var client = IpvsClient.open()) {
      measure("IpvsClient: apply", () -> check(client.apply(changes)));
      measure("IpvsClient: list all", () -> list(client));
      measure("IpvsClient: flush", client::flush);
    }
  }

  private void byClientOneByOne(List<IpvsChange> changes) throws Exception {
    try (var client = IpvsClient.open()) {
      measure(
          "IpvsClient: one call a change",
          () -> {
            for (var change : changes) {
              check(client.apply(List.of(change)));
            }
          });
      client.flush();
    }
  }

  private static void check(List<IpvsChange.Refused> refused) throws IpvsException {
    if (!refused.isEmpty()) {
      throw refused.getFirst().why();
    }
  }

  private void list(IpvsClient client) throws IpvsException {
    int servers = 0;
    for (var status : client.services()) {
      servers += client.destinations(status.service().key()).size();
    }
    if (servers % options.servers() != 0) {
      throw new IllegalStateException(servers + " real servers (expected: as many as were set)");
    }
  }

  private void byPlane(boolean weighed, long idle) throws Exception {
    var configuration = table.virtualServers(1);
    long configured = used();
    try (var plane = plane()) {
      measure("IpvsDataPlane: an empty table", () -> add(plane, configuration));
      if (weighed) {
        kilobytes.put("heap of the configuration", (configured - idle) / 1024);
        kilobytes.put("heap of the plane", (used() - configured) / 1024);
      }
    }
    try (var plane = plane()) {
      measure("IpvsDataPlane: started anew, nothing to change", () -> add(plane, configuration));
      var first = configuration.getFirst();
      var server = first.realServers().getFirst();
      measure(
          "IpvsDataPlane: one weight while it runs",
          () ->
              plane
                  .updateDestination(first.id(), new Destination(server, 5))
                  .toCompletableFuture()
                  .join());
    }
    var changed = table.virtualServers(7);
    try (var plane = plane()) {
      measure("IpvsDataPlane: started anew, one weight to change", () -> add(plane, changed));
    }
    flush();
  }

  private static IpvsDataPlane plane() {
    return IpvsDataPlane.builder().reconcileEvery(Duration.ofMinutes(10)).leaveOnClose().open();
  }

  private static void add(IpvsDataPlane plane, List<VirtualServer> configuration) {
    var added = new ArrayList<CompletableFuture<Void>>();
    for (var virtual : configuration) {
      var servers =
          virtual.realServers().stream()
              .map(server -> new Destination(server, server.weight()))
              .toList();
      added.add(plane.add(virtual, servers).toCompletableFuture());
    }
    CompletableFuture.allOf(added.toArray(CompletableFuture[]::new)).join();
  }

  private static void flush() throws IpvsException {
    try (var client = IpvsClient.open()) {
      client.flush();
    }
  }

  private void measure(String what, Step step) throws Exception {
    long before = System.nanoTime();
    step.run();
    nanos.computeIfAbsent(what, _ -> new ArrayList<>()).add(System.nanoTime() - before);
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private void print() throws IOException {
    System.out.printf(
        "%n%d services x %d real servers, kernel %s, median of %d%n%n",
        options.services(), options.servers(), System.getProperty("os.version"), options.rounds());
    System.out.println("| | ms |\n|---|---:|");
    nanos.forEach((what, times) -> {
      var sorted =
          times.stream().skip(Math.max(0, times.size() - options.rounds())).sorted().toList();
      System.out.printf("| %s | %.1f |%n", what, sorted.get(sorted.size() / 2) / 1e6);
    });
    System.out.println("\n| | KB |\n|---|---:|");
    kilobytes.forEach((what, size) -> System.out.printf("| %s | %d |%n", what, size));
    System.out.printf(
        "| this JVM, all of the above, at most | %d |%n",
        RestoreProgram.peakKilobytes(Path.of("/proc/self")));
  }
}
