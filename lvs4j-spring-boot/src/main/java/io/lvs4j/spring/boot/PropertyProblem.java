package io.lvs4j.spring.boot;

import java.util.Optional;
import org.springframework.boot.origin.Origin;

/**
 * One thing that is wrong with a property.
 *
 * @param property the property's name
 * @param value its value, or what was wrong with what it says
 * @param expected what would have been right
 * @param origin the file and line that it stands in, or its neighbours where it is missing
 */
public record PropertyProblem(
    String property, String value, String expected, Optional<Origin> origin) {
  /** Returns {@code property: value (expected: ...)}. */
  @Override
  public String toString() {
    return property + ": " + value + " (expected: " + expected + ")";
  }
}
