package io.lvs4j.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what the kernel's ip_vs decided in recorded scenarios: every sched-*.json and hash-*.json
 * of a directory, {@code -Dlvs4j.traces=DIR}. Each recording says which kernel it is of, and with
 * that which arithmetic to follow; {@code -Dlvs4j.overhead=classic|total} overrides it.
 */
class KernelTraceTest {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  @TestFactory
  Stream<DynamicContainer> everyDecisionAndCounterIsTheKernels() throws IOException {
    Path directory = directory();
    try (Stream<Path> listed = Files.list(directory)) {
      var files =
          listed
              .filter(file -> file.getFileName().toString().matches("(sched|hash)-.*\\.json"))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        fail("kernel traces: %s (expected: sched-*.json or hash-*.json in it)", directory);
      }
      return files.stream().map(KernelTraceTest::container);
    }
  }

  private static Path directory() {
    var given = Path.of(System.getProperty("lvs4j.traces", "src/test/resources/kernel-traces"));
    // Maven runs tests in the module's directory; who types a path means the one above.
    return Stream.of(given, Path.of("..").resolve(given))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseGet(() -> fail("kernel traces: %s (expected: a directory)", given.toAbsolutePath()));
  }

  private static DynamicContainer container(Path file) {
    JsonNode recording = read(file);
    Overhead overhead = overhead(recording.path("meta").path("kernel").asText());
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode scenario : recording.path("scenarios")) {
      tests.add(
          dynamicTest(
              scenario.path("name").asText(),
              () -> {
                assertThat(scenario.path("steps")).as("the steps").isNotEmpty();
                new TraceReplay(scenario, overhead).run();
              }));
    }
    if (tests.isEmpty()) {
      fail("kernel traces: %s (expected: scenarios in it)", file);
    }
    return dynamicContainer(file.getFileName().toString(), tests);
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static Overhead overhead(String kernel) {
    String forced = System.getProperty("lvs4j.overhead");
    if (forced != null) {
      return Overhead.valueOf(forced.toUpperCase(Locale.ROOT));
    }
    Matcher version = VERSION.matcher(kernel);
    if (!version.lookingAt()) {
      fail("kernel of a trace: %s (expected: a version such as 6.1.176)", kernel);
    }
    int series = Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2));
    int patch = Integer.parseInt(version.group(3));
    boolean total = series == 6_001 ? patch >= 187 : series > 6_001;
    return total ? Overhead.TOTAL : Overhead.CLASSIC;
  }
}
