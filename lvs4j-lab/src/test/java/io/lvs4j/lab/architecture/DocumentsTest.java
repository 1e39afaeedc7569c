package io.lvs4j.lab.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.metrics.DirectorMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents list, held to what there is. */
class DocumentsTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern IN_CODE = Pattern.compile("\"(lvs4j-[a-z-]+)\"");
  private static final Pattern IN_TABLE = Pattern.compile("`(lvs4j-[a-z-]+?)(-\\*)?`");
  private static final Pattern LISTED =
      Pattern.compile("^(lvs4j-[a-z-]+)?\\s+(io\\.lvs4j[a-z.]*|\\.[a-z]+)?\\s.*");
  private static final Pattern METER = Pattern.compile("`(lvs4j)?(\\.[a-z.]+)`");

  /** Modules whose packages are of no interest to a reader of the house. */
  private static final Set<String> UNLISTED = Set.of("lvs4j-benchmarks", "lvs4j-examples");

  private static String document(String path) throws IOException {
    return Files.readString(PROJECT.resolve(path));
  }

  private static List<String> modules() throws IOException {
    return Pattern.compile("<module>([a-z0-9-]+)</module>")
        .matcher(document("pom.xml"))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static List<Path> sources(String module) throws IOException {
    var root = PROJECT.resolve(module).resolve("src/main/java");
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static Set<String> firstGroups(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyThreadIsInTheTableOfThreads() throws IOException {
    var named = new TreeSet<String>();
    for (var module : modules()) {
      if (!UNLISTED.contains(module) && !module.equals("lvs4j-lab")) {
        for (var source : sources(module)) {
          named.addAll(firstGroups(IN_CODE, Files.readString(source)));
        }
      }
    }
    // Faults are counted under this name; it is no thread's.
    named.remove("lvs4j-proxy-schedulers");
    var listed = new TreeSet<String>();
    document("docs/architecture.md")
        .lines()
        .filter(line -> line.startsWith("| `lvs4j-"))
        .forEach(line -> listed.addAll(firstGroups(IN_TABLE, line.split("\\|", 3)[1])));
    assertThat(listed).isEqualTo(named);
  }

  @Test
  void everyModuleAndPackageIsInTheHouse() throws IOException {
    var modules = new TreeSet<String>();
    var packages = new TreeSet<String>();
    var base = "";
    for (var line : document("docs/architecture.md").split("```")[1].lines().toList()) {
      var found = LISTED.matcher(line);
      if (found.matches()) {
        if (found.group(1) != null) {
          modules.add(found.group(1));
          base = "io." + found.group(1).replace('-', '.');
        }
        var name = found.group(2);
        if (name != null) {
          packages.add(name.startsWith(".") ? base + name : name);
        }
      }
    }
    assertThat(modules).containsExactlyInAnyOrderElementsOf(modules());
    var actual = new TreeSet<String>();
    for (var module : modules()) {
      var root = PROJECT.resolve(module).resolve("src/main/java");
      if (!UNLISTED.contains(module)) {
        sources(module).stream()
            .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
            .forEach(actual::add);
      }
    }
    assertThat(packages).containsAll(actual);
    packages.removeAll(actual);
    assertThat(packages)
        .as("listed, but there are no such packages, nor any below")
        .allMatch(name -> actual.stream().anyMatch(each -> each.startsWith(name + ".")));
  }

  private static Set<String> listedMeters(String prefix, Set<String> groups) throws IOException {
    var meters = new TreeSet<String>();
    for (var line : document("docs/operations.md").lines().toList()) {
      if (line.startsWith("| `" + prefix)) {
        var group = "";
        for (var found : METER.matcher(line.split("\\|", 3)[1]).results().toList()) {
          var name = "lvs4j" + found.group(2);
          if (found.group(1) == null) {
            meters.add(group + found.group(2));
          } else {
            meters.add(name);
            group = groups.stream().filter(name::startsWith).findFirst().orElse("");
          }
        }
      }
    }
    return meters;
  }

  @Test
  void everyMeterOfADirectorIsInTheTableWithItsTags() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var web = VirtualServer.tcp("127.0.0.1", port).realServer("127.0.0.1", 9).build();
    var registry = new SimpleMeterRegistry();
    try (var director = Director.builder().virtualServer(web).build()) {
      director.start();
      new DirectorMetrics(director).bindTo(registry);
      var groups = Set.of("lvs4j.virtual.server", "lvs4j.real.server", "lvs4j.loop", "lvs4j.vrrp");
      var listed = listedMeters("lvs4j.", groups);
      listed.removeIf(name -> name.startsWith("lvs4j.vrrp."));
      var registered = new TreeSet<String>();
      registry.getMeters().forEach(meter -> registered.add(meter.getId().getName()));
      assertThat(listed).isEqualTo(registered);
      var operations = document("docs/operations.md");
      assertThat(registry.getMeters().stream().flatMap(meter -> meter.getId().getTags().stream()))
          .allSatisfy(tag -> assertThat(operations).contains("`" + tag.getKey() + "`"));
    }
  }

  @Test
  void everyMeterOfVrrpIsInTheTable() throws IOException {
    var source = document("lvs4j-core/src/main/java/io/lvs4j/core/metrics/VrrpMetrics.java");
    var registered = new TreeSet<String>();
    firstGroups(Pattern.compile("(?:gauge|counter|counted)\\(\\s*\"([a-z.]+)\""), source)
        .forEach(name -> registered.add("lvs4j.vrrp." + name));
    assertThat(registered).hasSizeGreaterThan(10);
    assertThat(listedMeters("lvs4j.vrrp.", Set.of("lvs4j.vrrp"))).isEqualTo(registered);
  }

  @Test
  void theReadmeShowsWhatIsReportedOfAConfiguration() throws IOException {
    var refused =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            VirtualServer.tcp("127.0.0.1", 8080)
                    .realServer("10.0.0.7", 0)
                    .realServer("10.0.0.8", 80)
                    .quorum(5)
                ::build);
    assertThat(document("README.md").split("```"))
        .as("quoted texts, one of which is %s", refused.getMessage())
        .contains("\n" + refused.getMessage() + "\n");
  }

  @Test
  void decisionsAreAsShortAsTheyAreToBe() throws IOException {
    assertThat(document("CONTRIBUTING.md")).contains("in 40 lines at most");
    try (Stream<Path> records = Files.list(PROJECT.resolve("docs/decisions"))) {
      for (var record : records.toList()) {
        assertThat(Files.readAllLines(record)).as(record.toString()).hasSizeLessThanOrEqualTo(40);
      }
    }
  }
}
