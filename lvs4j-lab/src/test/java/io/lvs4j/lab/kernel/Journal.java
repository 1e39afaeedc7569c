package io.lvs4j.lab.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file in which the guest takes down what becomes of each test, as it happens: so all of it is
 * there however the guest ends.
 */
final class Journal {
  /** What can become of a test. */
  enum Verdict {
    FOUND,
    BEGUN,
    PASSED,
    FAILED,
    SKIPPED
  }

  /**
   * A test and what has become of it.
   *
   * @param name its class, method and arguments
   * @param text the failure and the console, or the reason why it was skipped
   */
  record Entry(String name, Verdict verdict, Duration took, String text) {
    /** Returns the name of the class. */
    String className() {
      return name.substring(0, name.indexOf('.'));
    }
  }

  private final Path file;

  Journal(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  void add(String id, Entry entry) {
    var line =
        String.join(
            "\t",
            id,
            encoded(entry.name()),
            entry.verdict().name(),
            Long.toString(entry.took().toMillis()),
            encoded(entry.text()));
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
  }

  /** Returns the last that is known of each test, in the order in which they were found. */
  List<Entry> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    Map<String, Entry> last = new LinkedHashMap<>();
    try (var lines = Files.lines(file)) {
      lines
          .map(line -> line.split("\t", -1))
          // The last line of a guest that was killed may be cut off.
          .filter(fields -> fields.length == 5)
          .forEach(fields ->
              last.put(
                  fields[0],
                  new Entry(
                      decoded(fields[1]),
                      Verdict.valueOf(fields[2]),
                      Duration.ofMillis(Long.parseLong(fields[3])),
                      decoded(fields[4]))));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
    return List.copyOf(last.values());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), UTF_8);
  }
}
