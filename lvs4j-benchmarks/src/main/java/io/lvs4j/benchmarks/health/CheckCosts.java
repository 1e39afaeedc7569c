package io.lvs4j.benchmarks.health;

import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures who checks how many real servers at what cost; in a guest it runs inside of it. */
final class CheckCosts {
  private static final Duration TO_SETTLE = Duration.ofSeconds(20);
  private static final double DUE_PER_SERVER = 1.0 / Checking.EVERY.toSeconds();

  private final Options options;
  private final List<String> rows = new ArrayList<>();

  private CheckCosts(Options options) {
    this.options = options;
  }

  /** Takes the options of {@link Options}. */
  public static void main(String[] arguments) throws IOException {
    new CheckCosts(Options.parse(List.of(arguments)).orElseThrow()).run();
    System.exit(0);
  }

  void run() throws IOException {
    try (var workspace = Workspace.create()) {
      var farm = workspace.start("farm", java(Farm.class, "-Xmx64m"));
      expect(farm, "ready");
      for (int servers : options.servers()) {
        lvs4j(workspace, servers);
        if (options.guest()) {
          keepalived(workspace, servers);
        }
      }
    }
    print();
  }

  private static List<String> java(Class<?> program, String heap, String... arguments) {
    return Jvm.command(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", heap), program, arguments);
  }

  private static void expect(RunningProcess process, String line) {
    var said = process.line();
    if (!said.equals(line)) {
      throw new IllegalStateException(process + ": " + said + " (expected: " + line + ")");
    }
  }

  private void lvs4j(Workspace workspace, int servers) throws IOException {
    var command = java(Checking.class, "-Xmx256m", Integer.toString(servers));
    try (var process = workspace.start("lvs4j-" + servers, command)) {
      expect(process, "ready");
      measure("lvs4j", servers, process);
    }
  }

  private void keepalived(Workspace workspace, int servers) throws IOException {
    var keepalived = Keepalived.find().orElseThrow();
    var command = keepalived.command(workspace, configuration(servers));
    try (var process = workspace.start("keepalived-" + servers, command)) {
      measure(keepalived.version(), servers, process);
    }
  }

  private static String configuration(int servers) {
    var text = new StringBuilder("global_defs {\n  checker_log_all_failures\n}\n");
    text.append("virtual_server 127.8.0.1 80 {\n  lvs_sched rr\n  lvs_method NAT\n");
    text.append("  protocol TCP\n  delay_loop 2\n  warmup 2\n");
    for (int i = 0; i < servers; i++) {
      var server = Farm.server(i);
      text.append("  real_server ")
          .append(Endpoint.literal(server.address()))
          .append(' ')
          .append(server.port())
          .append(" {\n    TCP_CHECK {\n      connect_timeout 5\n    }\n  }\n");
    }
    return text.append("}\n").toString();
  }

  private void measure(String name, int servers, RunningProcess process) throws IOException {
    pass(TO_SETTLE);
    long connectsBefore = connects();
    var before = process.usage();
    long begin = System.nanoTime();
    pass(options.window());
    long connects = connects() - connectsBefore;
    var after = process.usage();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double cpu = after.cpu().minus(before.cpu()).toNanos() / 1e9;
    rows.add(
        String.format(
            Locale.ROOT,
            "| %,d | %s | %,.0f | %,.0f | %.1f | %.0f | %.0f |",
            servers,
            name,
            servers * DUE_PER_SERVER,
            connects / seconds,
            100 * cpu / seconds,
            1e6 * cpu / Math.max(1, connects),
            after.residentBytes() / 1e6));
    System.out.println(rows.getLast());
  }

  /** Returns how many TCP connections were begun on this host since its start. */
  private static long connects() throws IOException {
    List<String> names = List.of();
    for (var line : Files.readAllLines(Path.of("/proc/net/snmp"))) {
      if (line.startsWith("Tcp:")) {
        var fields = List.of(line.split(" ", -1));
        if (names.isEmpty()) {
          names = fields;
        } else {
          return Long.parseLong(fields.get(names.indexOf("ActiveOpens")));
        }
      }
    }
    throw new IOException("/proc/net/snmp: no TCP (expected: its counters)");
  }

  private static void pass(Duration period) {
    long until = System.nanoTime() + period.toNanos();
    await()
        .atMost(period.plusMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> System.nanoTime() - until >= 0);
  }

  private void print() {
    System.out.printf(
        "%nTCP_CHECK every %d s, %s, kernel %s, Java %s, %d processors, %d s a row%n%n",
        Checking.EVERY.toSeconds(),
        options.guest() ? "User-Mode-Linux" : "this host",
        System.getProperty("os.version"),
        System.getProperty("java.vm.version"),
        Runtime.getRuntime().availableProcessors(),
        options.window().toSeconds());
    System.out.println(
        "| real servers | | checks/s due | checks/s made | percent of a processor | us of CPU a check |"
            + " MB resident |");
    System.out.println("|---:|---|---:|---:|---:|---:|---:|");
    rows.forEach(System.out::println);
  }
}
