package io.lvs4j.ipvs.client;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a real kernel was asked and has answered, asked again by lvs4j: the requests are the same
 * bytes, and the answers mean the same. Replays every recording of exchanges in a directory, {@code
 * -Dlvs4j.traces=DIR}.
 */
class NetlinkTraceTest {
  @TestFactory
  Stream<DynamicContainer> everyExchangeIsTheKernels() throws IOException {
    Path directory = directory();
    var containers = new ArrayList<DynamicContainer>();
    try (Stream<Path> listed = Files.list(directory)) {
      for (Path file : listed.filter(NetlinkTraceTest::isJson).sorted().toList()) {
        JsonNode recording = read(file);
        if (recording.has("exchanges") || name(file).startsWith("netlink")) {
          containers.add(container(file, recording));
        }
      }
    }
    if (containers.isEmpty()) {
      fail("netlink traces: %s (expected: netlink*.json in it)".formatted(directory));
    }
    return containers.stream();
  }

  private static Path directory() {
    var given = Path.of(System.getProperty("lvs4j.traces", "src/test/resources/kernel-traces"));
    // Maven runs tests in the module's directory; who types a path means the one above.
    for (var candidate : List.of(given, Path.of("..").resolve(given))) {
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return fail("netlink traces: %s (expected: a directory)".formatted(given.toAbsolutePath()));
  }

  private static DynamicContainer container(Path file, JsonNode recording) {
    String order = recording.path("meta").path("byte_order").asText("little");
    if (!order.equals("little")) {
      fail("netlink traces: %s of byte order %s (expected: little)".formatted(file, order));
    }
    int family = recording.path("meta").path("family_id").asInt(RecordedKernel.FAMILY);
    var tests = new ArrayList<DynamicTest>();
    for (JsonNode exchange : recording.path("exchanges")) {
      tests.add(
          dynamicTest(
              exchange.path("label").asText("exchange " + tests.size()),
              () -> new TraceReplay(Exchange.of(exchange), family).run()));
    }
    if (tests.isEmpty()) {
      fail("netlink traces: %s (expected: exchanges in it)".formatted(file));
    }
    return dynamicContainer(name(file), tests);
  }

  private static boolean isJson(Path file) {
    return name(file).endsWith(".json");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
