package io.lvs4j.spring.boot;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.keepalived.diagnostic.Diagnostic;
import io.lvs4j.keepalived.diagnostic.Severity;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.springframework.boot.origin.Origin;
import org.springframework.core.io.Resource;

/** Reads a keepalived.conf; loaded only where lvs4j-keepalived is there. */
final class KeepalivedConf {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.director");
  private static final String PROPERTY = "lvs4j.keepalived-conf";

  /** A line of the file. */
  private record Place(String text) implements Origin {
    @Override
    public String toString() {
      return text;
    }
  }

  private KeepalivedConf() {}

  /**
   * Returns what the file says; empty after adding why it can't be read. What the file asks for and
   * would not get is an error here, where keepalived goes on without it.
   */
  static Optional<KeepalivedConfiguration> read(Resource resource, PropertyProblems problems) {
    try {
      var read = read(resource);
      for (var diagnostic : read.diagnostics()) {
        if (diagnostic.severity() == Severity.ERROR) {
          problems.add(problem(diagnostic));
        } else {
          LOG.log(
              diagnostic.severity() == Severity.NOTE ? Level.INFO : Level.WARNING,
              diagnostic.toString());
        }
      }
      return Optional.of(read);
    } catch (IOException unreadable) {
      problems.add(
          PROPERTY,
          resource.getDescription(),
          "a file that can be read: " + unreadable.getMessage());
    } catch (InvalidConfigurationException refused) {
      refused.problems().forEach(each -> problems.add(PROPERTY, each.value(), each.expected()));
    }
    return Optional.empty();
  }

  private static KeepalivedConfiguration read(Resource resource) throws IOException {
    var reader = KeepalivedReader.builder().schedulers(Schedulers::byName).build();
    if (resource.isFile()) {
      return reader.read(resource.getFile().toPath());
    }
    return reader.read(
        Objects.requireNonNullElse(resource.getFilename(), resource.getDescription()),
        resource.getContentAsString(StandardCharsets.UTF_8),
        Path.of(""));
  }

  private static PropertyProblem problem(Diagnostic diagnostic) {
    return new PropertyProblem(
        PROPERTY,
        diagnostic.text(),
        diagnostic.suggestion().orElse("what keepalived.conf may say here"),
        Optional.of(new Place(diagnostic.position().toString())));
  }
}
