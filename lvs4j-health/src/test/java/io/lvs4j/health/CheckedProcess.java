package io.lvs4j.health;

import io.lvs4j.api.Endpoint;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process of its own that makes checks of every kind, so that it can be stopped or starved. Its
 * servers are in another process, which isn't. It is told on its standard input what to do and
 * answers each line with one.
 */
final class CheckedProcess {
  private final Map<String, Watch> watches = new TreeMap<>();
  private final Map<String, String> lastVerdict = new ConcurrentHashMap<>();
  private final List<FileInputStream> hoard = new ArrayList<>();

  private CheckedProcess() {}

  /**
   * Takes a directory, whether to ping, and the endpoints as {@code kind=port} in hex and decimal.
   */
  public static void main(String[] arguments) throws Exception {
    loadClasses();
    new CheckedProcess().run(arguments);
  }

  /**
   * Loads what lies in directories of the class path: a class that is first needed when there is no
   * descriptor left could not be read. Jars are open anyway.
   */
  private static void loadClasses() throws IOException, ClassNotFoundException {
    for (var entry : System.getProperty("java.class.path").split(":", -1)) {
      var root = Path.of(entry);
      if (Files.isDirectory(root)) {
        List<Path> files;
        try (var all = Files.walk(root)) {
          files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (var file : files) {
          var name = root.relativize(file).toString().replace('/', '.');
          if (!name.contains("Test") && !name.startsWith("META-INF")) {
            Class.forName(
                name.substring(0, name.length() - ".class".length()),
                false,
                CheckedProcess.class.getClassLoader());
          }
        }
      }
    }
  }

  private void run(String[] arguments) throws Exception {
    var checks = EveryChecker.checks(Path.of(arguments[0]), Boolean.parseBoolean(arguments[1]));
    try (var monitor = HealthMonitor.create(Seed.get().random())) {
      for (int i = 2; i < arguments.length; i++) {
        var parts = arguments[i].split("=", -1);
        var kind = new String(HexFormat.of().parseHex(parts[0]), StandardCharsets.UTF_8);
        var at =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(parts[1]));
        var check = Objects.requireNonNull(checks.get(kind), kind);
        var often =
            (check.port().isPresent() ? check.port(at.getPort()) : check)
                .every(Duration.ofMillis(200))
                .connectTimeout(Duration.ofSeconds(1))
                .retries(0)
                .warmUp(Duration.ofMillis(200));
        watches.put(
            kind,
            monitor.watch(
                new Endpoint(at.getAddress(), at.getPort()),
                List.of(often),
                (up, detail) -> lastVerdict.put(kind, up + " " + detail)));
      }
      obey();
    }
  }

  private void obey() throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      switch (line) {
        case "state" -> System.out.println(state());
        case "hoard" -> System.out.println(hoard());
        case "release" -> System.out.println(release());
        default -> System.out.println("what?");
      }
    }
  }

  /** Says which kinds have not been checked yet, which are down, and what was told. */
  private String state() {
    var unchecked = new ArrayList<String>();
    var down = new ArrayList<String>();
    watches.forEach((kind, watch) -> {
      if (watch.detail().isEmpty()) {
        unchecked.add(kind);
      }
      if (!watch.isUp()) {
        down.add(kind + ": " + watch.detail());
      }
    });
    return "unchecked "
        + unchecked
        + ", down "
        + down
        + ", weights "
        + watches.get("FILE_CHECK").weight(10)
        + " "
        + watches.get("agent-check").weight(10)
        + ", told "
        + lastVerdict;
  }

  /** Opens files until there is no descriptor left. */
  private String hoard() {
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException exhausted) {
      return String.valueOf(exhausted.getMessage());
    }
  }

  private String release() throws IOException {
    int held = hoard.size();
    for (var each : hoard) {
      each.close();
    }
    hoard.clear();
    return "released " + held;
  }
}
