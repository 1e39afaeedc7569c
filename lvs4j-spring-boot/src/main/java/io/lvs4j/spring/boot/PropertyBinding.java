package io.lvs4j.spring.boot;

import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Binds the properties and goes on after what can't be bound, so that all that is wrong is found at
 * once. Names that mean nothing are errors too.
 */
final class PropertyBinding extends AbstractBindHandler {
  private static final int FARTHEST_GUESS = 3;

  private final PropertyProblems problems;
  private final Set<ConfigurationPropertyName> failed = new HashSet<>();

  private PropertyBinding(PropertyProblems problems) {
    super(new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    this.problems = problems;
  }

  /** Returns what could be bound; the problems have the rest. */
  static Lvs4jProperties bind(Environment environment, PropertyProblems problems) {
    return Binder.get(environment)
        .bindOrCreate(
            PropertyProblems.ROOT,
            Bindable.of(Lvs4jProperties.class),
            new PropertyBinding(problems));
  }

  @Override
  public @Nullable Object onFailure(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
    failed.add(name);
    var type = target.getType().resolve(Object.class);
    var property = context.getConfigurationProperty();
    problems.add(
        new PropertyProblem(
            name.toString(),
            property != null && property.getName().equals(name)
                ? quoted(property)
                : "can't be bound",
            expected(type, error),
            Optional.ofNullable(property).map(ConfigurationProperty::getOrigin)));
    // A list ends at the first element that is missing, and what is wrong behind it would stay
    // unseen.
    return type == Integer.class && name.isLastElementIndexed() ? Integer.valueOf(0) : null;
  }

  private static String quoted(ConfigurationProperty property) {
    return "\"" + property.getValue() + "\"";
  }

  private static String expected(Class<?> type, Exception error) {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
              .collect(Collectors.joining(", "));
    }
    if (type == Duration.class) {
      return "a duration, such as 500ms or 10s";
    }
    if (type == DataSize.class) {
      return "a size, such as 128B";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (Number.class.isAssignableFrom(type) || type == int.class) {
      return "a whole number";
    }
    if (type.isRecord()) {
      return "properties below it: " + String.join(", ", names(type));
    }
    return String.valueOf(error.getMessage());
  }

  @Override
  public void onFinish(
      ConfigurationPropertyName name,
      Bindable<?> target,
      BindContext context,
      @Nullable Object result)
      throws Exception {
    try {
      super.onFinish(name, target, context, result);
    } catch (UnboundConfigurationPropertiesException unbound) {
      unbound.getUnboundProperties().stream()
          .filter(property ->
              failed.stream()
                  .noneMatch(each ->
                      each.equals(property.getName()) || each.isAncestorOf(property.getName())))
          .forEach(this::unknown);
    }
  }

  private void unknown(ConfigurationProperty property) {
    problems.add(
        new PropertyProblem(
            property.getName().toString(),
            quoted(property),
            suggestion(property.getName()),
            Optional.ofNullable(property.getOrigin())));
  }

  /** Says what was probably meant, at the first part of the name that means nothing. */
  private static String suggestion(ConfigurationPropertyName name) {
    Type type = Lvs4jProperties.class;
    for (int i = 1; i < name.getNumberOfElements(); i++) {
      if (type instanceof ParameterizedType parameterized) {
        boolean map = parameterized.getRawType() == Map.class;
        type = parameterized.getActualTypeArguments()[map ? 1 : 0];
        continue;
      }
      if (!(type instanceof Class<?> owner) || !owner.isRecord()) {
        return "no such property: " + name.chop(i) + " has none below it";
      }
      var element = name.getElement(i, Form.DASHED);
      var parameter =
          parameters(owner)
              .filter(each -> uniform(nameOf(each)).equals(uniform(element)))
              .findFirst();
      if (parameter.isEmpty()) {
        return guess(owner, element, name.chop(i) + ".");
      }
      type = parameter.get().getParameterizedType();
    }
    return "no value of its own, but properties below it";
  }

  private static String guess(Class<?> owner, String element, String prefix) {
    return names(owner).stream()
        .filter(each -> distance(uniform(each), uniform(element)) <= FARTHEST_GUESS)
        .min(Comparator.comparingInt(each -> distance(uniform(each), uniform(element))))
        .map(each -> "a property that is there; did you mean " + prefix + each + "?")
        .orElse("a property that is there: " + String.join(", ", names(owner)));
  }

  private static List<String> names(Class<?> owner) {
    return parameters(owner).map(PropertyBinding::nameOf).toList();
  }

  /** Returns the parameters that a record is bound by; they are annotated, its components not. */
  private static Stream<Parameter> parameters(Class<?> owner) {
    return Arrays.stream(owner.getDeclaredConstructors()[0].getParameters());
  }

  private static String nameOf(Parameter parameter) {
    var name = parameter.getAnnotation(Name.class);
    return name != null
        ? name.value()
        : parameter.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String uniform(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance. */
  private static int distance(String one, String other) {
    var row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
