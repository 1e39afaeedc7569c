package io.lvs4j.spring.boot;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports all that is wrong with the properties, each with its name and where it stands. */
final class PropertiesFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPropertiesException> {
  @Override
  protected FailureAnalysis analyze(Throwable failure, InvalidPropertiesException cause) {
    var problems = cause.problems();
    var description =
        problems.stream()
            .map(PropertiesFailureAnalyzer::paragraph)
            .collect(
                Collectors.joining(
                    "\n\n",
                    problems.size() == 1
                        ? "A property of lvs4j is wrong:\n\n"
                        : problems.size() + " properties of lvs4j are wrong:\n\n",
                    ""));
    return new FailureAnalysis(description, "Update your application's configuration.", cause);
  }

  private static String paragraph(PropertyProblem problem) {
    return "    Property: "
        + problem.property()
        + "\n    Value: "
        + problem.value()
        + problem.origin().map(origin -> "\n    Origin: " + origin).orElse("")
        + "\n    Expected: "
        + problem.expected();
  }
}
