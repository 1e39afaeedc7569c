package io.lvs4j.api;

import java.util.List;
import java.util.Objects;

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
