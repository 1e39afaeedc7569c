package io.lvs4j.spring.boot;

import io.lvs4j.core.Director;

/** A bean that changes the director's builder after the properties have had their say. */
@FunctionalInterface
public interface DirectorBuilderCustomizer {
  /** Changes the builder. */
  void customize(Director.Builder builder);
}
