package io.lvs4j.lab.kernel;

import static java.lang.System.Logger.Level.INFO;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.lvs4j.lab.kernel.Journal.Entry;
import io.lvs4j.lab.kernel.TableDiary.Writer;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.UserModeLinux;
import io.lvs4j.lab.peer.UserModeLinux.Machine;
import io.lvs4j.lab.peer.UserModeLinux.NotBootedException;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Boots a kernel that has ip_vs, runs there the tests of {@code io.lvs4j.lab.ipvs} and {@code
 * seeds} whose classes are named {@code ...InKernel}, and reports each as a test of its own. A
 * guest has one processor, so there are two where the host has more than that; each takes the next
 * class that is left. keepalived and lvs4j get a kernel each, one after the other if need be, and
 * the tables that they leave there are compared here.
 *
 * <p>{@code -Dlvs4j.kernel=SomethingInKernel} picks a class, {@code SomethingInKernel#method} a
 * method; {@code *} is for any characters, a comma between several.
 */
@Isolated("two guests take both processors, and others measure time")
class KernelTest {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.lab.kernel");
  private static final Duration AT_MOST = Duration.ofMinutes(20);
  private static final int LAST_LINES = 60;
  private static final Selection SELECTION = new Selection(System.getProperty("lvs4j.kernel", ""));
  private static final List<String> MODULES =
      List.of("ip_vs", "ipip", "ip_gre", "ip6_tunnel", "ip6_gre", "sit", "fou", "fou6");
  private static final Machine MACHINE = new Machine(2048, 10_000, MODULES);

  @TestFactory
  Stream<DynamicTest> inKernel() {
    var obstacle = obstacle();
    if (obstacle.isPresent()) {
      return skipped(obstacle.get());
    }
    try (var workspace = Workspace.create()) {
      var turns = new Turns(workspace.directory("turns"));
      Path tables = workspace.directory("tables");
      var guests = Stream.generate(() -> guest(workspace, turns, tables)).limit(guests()).toList();
      var ends = new ArrayList<>(guests.stream().map(CompletableFuture::join).toList());
      if (bothWritersAsked() && !Stream.of(Writer.values()).allMatch(w -> taken(turns, w))) {
        ends.add(guest(workspace, turns, tables).join());
      }
      keep(ends);
      if (ends.stream().noneMatch(End::booted)) {
        return skipped(ends.getFirst().problem());
      }
      return Stream.concat(tests(ends).stream(), comparisons(tables).stream());
    }
  }

  /** Names each test that is not run, with the reason: nothing here can be said to have failed. */
  private static Stream<DynamicTest> skipped(String reason) {
    return TestsInGuest.names(SELECTION).stream()
        .map(name -> dynamicTest(name, () -> Assumptions.abort(name + ": " + reason)));
  }

  private static boolean asked(Writer writer) {
    return SELECTION.includes(writer.className());
  }

  private static boolean bothWritersAsked() {
    return Stream.of(Writer.values()).allMatch(KernelTest::asked);
  }

  private static boolean taken(Turns turns, Writer writer) {
    return turns.taken(writer.className());
  }

  private static List<DynamicTest> comparisons(Path tables) {
    if (Stream.of(Writer.values()).noneMatch(KernelTest::asked)) {
      return List.of();
    }
    if (!bothWritersAsked() || Keepalived.find().isEmpty()) {
      var reason =
          bothWritersAsked()
              ? "keepalived is not installed (Debian: apt install keepalived)"
              : "only one of the two kernels was asked for";
      return List.of(dynamicTest("TwoKernels", () -> Assumptions.abort("TwoKernels: " + reason)));
    }
    return new TwoKernels(
            TableDiary.of(tables, Writer.KEEPALIVED).read(),
            TableDiary.of(tables, Writer.LVS4J).read())
        .tests();
  }

  /** Leaves what the guests have printed where the build leaves its reports. */
  private static void keep(List<End> ends) {
    var directory = Path.of("target", "kernel");
    try {
      Files.createDirectories(directory);
      for (int i = 0; i < ends.size(); i++) {
        Files.writeString(directory.resolve("guest-" + (i + 1) + ".log"), ends.get(i).console());
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(directory + " can't be written", unwritable);
    }
  }

  private static int guests() {
    return SELECTION.ofSeveralClasses()
            && Runtime.getRuntime().availableProcessors() > 1
            && UserModeLinux.guestsThatFit(MACHINE) > 1
        ? 2
        : 1;
  }

  private static CompletableFuture<End> guest(Workspace workspace, Turns turns, Path tables) {
    var journal = new Journal(workspace.directory("journal").resolve("tests"));
    return CompletableFuture.supplyAsync(
        () -> boot(workspace, journal, turns, tables),
        task -> Thread.ofPlatform().daemon().name("guest").start(task));
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
   * How a guest ended.
   *
   * @param booted whether it came so far as to run tests; what it did from then on counts
   * @param entries what has become of its tests
   * @param problem empty when it ended as it should
   */
  private record End(boolean booted, List<Entry> entries, String console, String problem) {}

  private static End boot(Workspace workspace, Journal journal, Turns turns, Path tables) {
    var guest = UserModeLinux.find().orElseThrow();
    Path temporary = workspace.directory("temporary");
    try {
      var result = guest.run(workspace, MACHINE, java(journal, turns, tables, temporary), AT_MOST);
      return new End(
          true,
          journal.read(),
          result.output(),
          result.status() == 0 ? "" : "exit status " + result.status() + " (expected: 0)");
    } catch (NotBootedException unbootable) {
      return new End(
          false, List.of(), unbootable.console(), String.valueOf(unbootable.getMessage()));
    } catch (IllegalStateException crashed) {
      return new End(
          true,
          journal.read(),
          String.valueOf(crashed.getMessage()),
          "the guest didn't come to the end of its tests");
    }
  }

  private static List<String> java(Journal journal, Turns turns, Path tables, Path temporary) {
    var options =
        new ArrayList<>(
            List.of(
                // One slow processor: no second compiler, no collector threads.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                TableDiary.option(tables)));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("lvs4j.") && !name.equals("lvs4j.kernel"))
        .map(name -> "-D" + name + "=" + System.getProperty(name))
        .forEach(options::add);
    return Jvm.command(
        options,
        TestsInGuest.class,
        journal.file().toString(),
        turns.directory().toString(),
        SELECTION.words());
  }

  private static List<DynamicTest> tests(List<End> ends) {
    var tests = new ArrayList<DynamicTest>();
    for (End end : ends) {
      for (Entry entry : end.entries()) {
        tests.add(dynamicTest(entry.name(), () -> report(entry, end)));
      }
      if (!end.problem().isEmpty()) {
        tests.add(dynamicTest("a guest runs its tests", () -> fail(end.problem(), end)));
      }
    }
    if (tests.isEmpty()) {
      tests.add(dynamicTest("a guest runs tests", () -> fail("no test found", ends.getFirst())));
    }
    LOG.log(
        INFO,
        () -> "in the kernel " + times(ends.stream().flatMap(e -> e.entries().stream()).toList()));
    return tests;
  }

  private static void fail(String problem, End end) {
    throw new AssertionError(problem + "; the last of its console:\n" + lastLines(end.console()));
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
