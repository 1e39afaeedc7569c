package io.lvs4j.lab.kernel;

import static java.lang.System.Logger.Level.INFO;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.lvs4j.lab.kernel.Journal.Entry;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.UserModeLinux;
import io.lvs4j.lab.peer.UserModeLinux.Machine;
import io.lvs4j.lab.peer.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Boots a kernel that has ip_vs, runs there the tests of {@code io.lvs4j.lab.ipvs} whose classes
 * are named {@code ...InKernel}, and reports each as a test of its own.
 *
 * <p>{@code -Dlvs4j.kernel=SomethingInKernel} picks a class, {@code SomethingInKernel#method} a
 * method; {@code *} is for any characters, a comma between several.
 */
class KernelTest {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.lab.kernel");
  private static final Duration AT_MOST = Duration.ofMinutes(12);
  private static final int LAST_LINES = 60;
  private static final List<String> MODULES =
      List.of("ip_vs", "ipip", "ip_gre", "ip6_tunnel", "ip6_gre", "sit", "fou", "fou6");

  @TestFactory
  Stream<DynamicTest> inKernel() {
    obstacle().ifPresent(Assumptions::abort);
    try (var workspace = Workspace.create()) {
      var journal = new Journal(workspace.directory("journal").resolve("tests"));
      return tests(journal, boot(workspace, journal)).stream();
    }
  }

  private static Optional<String> obstacle() {
    return Stream.of(
            LabNetwork.obstacle(),
            Capture.obstacle(),
            missing("linux.uml", "user-mode-linux"),
            missing("modprobe", "kmod"),
            missing("ipvsadm", "ipvsadm"),
            missing("iptables-legacy", "iptables"))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> missing(String program, String debianPackage) {
    return Program.find(program).isPresent()
        ? Optional.empty()
        : Optional.of(program + " is not installed (Debian: apt install " + debianPackage + ")");
  }

  /**
   * How the guest ended.
   *
   * @param problem empty when it ended as it should
   */
  private record End(String console, String problem) {}

  private static End boot(Workspace workspace, Journal journal) {
    var guest = UserModeLinux.find().orElseThrow();
    var machine = new Machine(2048, 10_000, MODULES);
    Path temporary = workspace.directory("temporary");
    try {
      var result = guest.run(workspace, machine, java(journal, temporary), AT_MOST);
      return new End(
          result.output(),
          result.status() == 0 ? "" : "exit status " + result.status() + " (expected: 0)");
    } catch (IllegalStateException crashed) {
      return new End(
          String.valueOf(crashed.getMessage()), "the guest didn't come to the end of its tests");
    }
  }

  private static List<String> java(Journal journal, Path temporary) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // One slow processor: no second compiler, no collector threads.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("lvs4j.") && !name.equals("lvs4j.kernel"))
        .map(name -> "-D" + name + "=" + System.getProperty(name))
        .forEach(command::add);
    // Surefire runs tests from a jar that names the class path in its manifest.
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(TestsInGuest.class.getName());
    command.add(journal.file().toString());
    command.add(System.getProperty("lvs4j.kernel", ""));
    return command;
  }

  private static List<DynamicTest> tests(Journal journal, End end) {
    var entries = journal.read();
    var tests = new ArrayList<DynamicTest>();
    for (Entry entry : entries) {
      tests.add(dynamicTest(entry.name(), () -> report(entry, end)));
    }
    if (entries.isEmpty() || !end.problem().isEmpty()) {
      tests.add(
          dynamicTest(
              "the guest runs its tests",
              () -> {
                throw new AssertionError(
                    (end.problem().isEmpty() ? "no test was found" : end.problem())
                        + "; the last of its console:\n"
                        + lastLines(end.console()));
              }));
    }
    LOG.log(INFO, () -> "in the kernel " + times(entries));
    return tests;
  }

  private static void report(Entry entry, End end) {
    switch (entry.verdict()) {
      case PASSED -> {}
      case SKIPPED -> Assumptions.abort(entry.name() + ": " + entry.text());
      case FAILED -> throw new AssertionError(entry.name() + ": " + entry.text());
      case BEGUN ->
          throw new AssertionError(
              entry.name() + ": not ended; the last of the console:\n" + lastLines(end.console()));
      case FOUND -> throw new AssertionError(entry.name() + ": not begun; the guest ended before");
    }
  }

  private static String lastLines(String console) {
    var lines = console.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private static Map<String, String> times(List<Entry> entries) {
    return entries.stream()
        .collect(
            Collectors.groupingBy(
                Entry::className,
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    ofClass ->
                        "%d tests, %.1f s"
                            .formatted(
                                ofClass.size(),
                                ofClass.stream().mapToLong(e -> e.took().toMillis()).sum()
                                    / 1000.0))));
  }
}
