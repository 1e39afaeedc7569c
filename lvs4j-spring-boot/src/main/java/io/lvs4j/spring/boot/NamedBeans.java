package io.lvs4j.spring.boot;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;

/** Finds the beans that properties name. */
final class NamedBeans {
  private final ListableBeanFactory factory;
  private final PropertyProblems problems;
  private final Set<String> named = new HashSet<>();

  NamedBeans(ListableBeanFactory factory, PropertyProblems problems) {
    this.factory = factory;
    this.problems = problems;
  }

  /** Returns the bean; empty after adding that there is none of this name and type. */
  <T> Optional<T> find(String property, String name, Class<T> type) {
    named.add(name);
    if (factory.containsBean(name) && factory.isTypeMatch(name, type)) {
      return Optional.of(factory.getBean(name, type));
    }
    var there = factory.getBeanNamesForType(type);
    problems.add(
        property,
        name,
        "the name of a bean of type "
            + type.getName()
            + (there.length == 0 ? ", of which there is none" : ": " + String.join(", ", there)));
    return Optional.empty();
  }

  /** Returns the beans of a type that no property has named. */
  <T> List<T> unnamed(Class<T> type) {
    return Arrays.stream(factory.getBeanNamesForType(type))
        .filter(name -> !named.contains(name))
        .map(name -> factory.getBean(name, type))
        .toList();
  }
}
