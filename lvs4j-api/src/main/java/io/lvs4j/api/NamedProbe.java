package io.lvs4j.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A probe of the application's own, and what messages call it.
 *
 * @param name what messages call it
 * @param healthProbe what makes the attempts
 */
public record NamedProbe(String name, HealthProbe healthProbe) implements Probe {
  public NamedProbe {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(healthProbe, "healthProbe");
  }

  /** Returns a probe that waits for its own report; two of the same one are equal. */
  static NamedProbe blocking(String name, HealthProbe.Blocking probe) {
    return new NamedProbe(name, new Waiting(Objects.requireNonNull(probe, "probe")));
  }

  private record Waiting(HealthProbe.Blocking probe) implements HealthProbe {
    @Override
    public CompletionStage<HealthReport> probe(Endpoint server, Duration timeout) throws Exception {
      return CompletableFuture.completedFuture(probe.probe(server, timeout));
    }
  }

  @Override
  public List<Problem> problems() {
    return name.isBlank()
        ? List.of(new Problem("name", "\"" + name + "\"", "a name for messages"))
        : List.of();
  }

  @Override
  public String toString() {
    return name;
  }
}
