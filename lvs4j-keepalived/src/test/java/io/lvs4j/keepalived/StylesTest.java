package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Configurations as different people write them: every block, old words and new ones, mistakes.
 * Beside each one is what is to be said of it and what comes of it, which was looked at by hand and
 * beside what keepalived 2.2.7 says. {@code -Dlvs4j.write-told=DIRECTORY} writes it anew, to be
 * looked at again.
 */
class StylesTest {
  private static Path directory() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(StylesTest.class.getResource("styles")).toURI());
  }

  private static List<Path> files() throws IOException, URISyntaxException {
    try (var files = Files.list(directory())) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> whatIsSaidAndWhatComesOfIt() throws Exception {
    return files().stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> compare(file)));
  }

  @Test
  void thereAreManyOfThem() throws Exception {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(30);
  }

  private static void compare(Path file) throws IOException {
    var told = told(file);
    var name = file.getFileName().toString().replace(".conf", ".told");
    var written = System.getProperty("lvs4j.write-told");
    if (written != null) {
      Files.write(Path.of(written, name), told);
    }
    assertThat(told).isEqualTo(Files.readAllLines(file.resolveSibling(name)));
  }

  private static List<String> told(Path file) {
    var read = Read.reader().build().read(file);
    var told = new ArrayList<String>();
    for (var diagnostic : read.diagnostics()) {
      told.add(diagnostic.toString().replace(file + ":", ""));
    }
    for (var instance : read.vrrpInstances()) {
      told.add(
          "= %s: id %d, version %d, priority %d, every %d ms, %s, %d trackers, %d listeners"
              .formatted(
                  instance.name(),
                  instance.virtualRouterId().value(),
                  instance.version().number(),
                  instance.priority().value(),
                  instance.advertisementInterval().toMillis(),
                  instance.virtualAddresses(),
                  instance.trackers().size(),
                  instance.listeners().size()));
    }
    read.syncGroups().forEach(group -> told.add("= group " + group.name()));
    for (var server : read.virtualServers()) {
      told.add(
          "= %s: %s, %s, %s"
              .formatted(
                  server.id(),
                  server.scheduler().map(each -> each.name()).orElse("none"),
                  server.forwarding(),
                  server.realServers().stream()
                      .map(real ->
                          real.endpoint()
                              + " weight "
                              + real.weight()
                              + " checks "
                              + real.healthChecks().size())
                      .toList()));
    }
    return told;
  }
}
