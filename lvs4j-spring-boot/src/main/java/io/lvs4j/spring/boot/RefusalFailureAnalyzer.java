package io.lvs4j.spring.boot;

import io.lvs4j.api.LvsException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what the host, or a configuration made in Java, stands in the way with. */
final class RefusalFailureAnalyzer extends AbstractFailureAnalyzer<LvsException> {
  @Override
  protected FailureAnalysis analyze(Throwable failure, LvsException cause) {
    return new FailureAnalysis(
        cause.problems().stream()
            .map(problem -> "    " + problem.subject() + ": " + problem.value())
            .collect(Collectors.joining("\n", heading(cause) + ":\n\n", "")),
        cause.problems().stream()
            .map(Problem::expected)
            .distinct()
            .collect(Collectors.joining("\n    ", "What is needed:\n\n    ", "")),
        cause);
  }

  private static String heading(LvsException cause) {
    return cause instanceof StartException
        ? "This host can't run the director"
        : "The configuration of the director is wrong";
  }
}
