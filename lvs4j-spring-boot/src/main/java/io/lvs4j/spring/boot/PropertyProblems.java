package io.lvs4j.spring.boot;

import io.lvs4j.api.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * Gathers what is wrong, and finds the property that a builder's {@link Problem} is about. The
 * subject of a problem is a path, such as {@code real server 10.0.0.7:80: weight}; who makes
 * something of a property says which of the parts of such a path stands for it.
 */
final class PropertyProblems {
  /** The property below which all are. */
  static final String ROOT = "lvs4j";

  private record Part(String container, String subject) {}

  private final Iterable<ConfigurationPropertySource> sources;
  private final Map<Part, String> properties = new HashMap<>();
  private final List<PropertyProblem> found = new ArrayList<>();

  PropertyProblems(Environment environment) {
    this.sources = ConfigurationPropertySources.get(environment);
  }

  /** Says which property a part of a subject stands for, below another property. */
  void name(String container, String subject, String property) {
    properties.putIfAbsent(new Part(container, subject), property);
  }

  /** Adds what is wrong with a property. */
  void add(String property, String value, String expected) {
    add(new PropertyProblem(property, value, expected, origin(property)));
  }

  void add(PropertyProblem problem) {
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  /** Adds a problem of something that was made of the properties below another one. */
  void add(String container, Problem problem) {
    add(locate(container, problem.subject()), problem.value(), inProperties(problem.expected()));
  }

  /** Returns an expectation with the names of properties where a builder names its methods. */
  private static String inProperties(String expected) {
    return expected
        .replace("noVirtualAddress()", "no-virtual-address: true")
        .replace("startAsBackup()", "start-as-backup: true")
        .replace("whileMaster(..)", "while-master");
  }

  private String locate(String container, String subject) {
    var property = container;
    var parts = subject.split(": ", -1);
    if (container.equals(ROOT) && !properties.containsKey(new Part(ROOT, parts[0]))) {
      // Something that was made in Java.
      return subject;
    }
    for (int i = 0; i < parts.length; i++) {
      var named = properties.get(new Part(property, parts[i]));
      if (named != null) {
        property = named;
      } else if (i == parts.length - 1) {
        property = property + "." + kebabCase(parts[i]);
      }
    }
    return property;
  }

  /** Returns {@code half-closed-timeout} for {@code half-closed timeout}. */
  static String kebabCase(String words) {
    return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** Returns where a property is, or else where the nearest to it are. */
  private Optional<Origin> origin(String property) {
    if (!ConfigurationPropertyName.isValid(property)) {
      return Optional.empty();
    }
    for (var name = ConfigurationPropertyName.of(property);
        name.getNumberOfElements() > 1;
        name = name.getParent()) {
      var origin = originOf(name);
      if (origin.isPresent()) {
        return origin;
      }
    }
    return Optional.empty();
  }

  private Optional<Origin> originOf(ConfigurationPropertyName name) {
    for (var source : sources) {
      var property = source.getConfigurationProperty(name);
      if (property != null) {
        return Optional.ofNullable(property.getOrigin());
      }
      if (source instanceof IterableConfigurationPropertySource iterable) {
        var below = iterable.stream().filter(name::isAncestorOf).findFirst();
        if (below.isPresent()) {
          return below.map(iterable::getConfigurationProperty).map(each -> each.getOrigin());
        }
      }
    }
    return Optional.empty();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<PropertyProblem> all() {
    return List.copyOf(found);
  }

  /** Throws with all that was found, if there is anything. */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidPropertiesException(found);
    }
  }
}
