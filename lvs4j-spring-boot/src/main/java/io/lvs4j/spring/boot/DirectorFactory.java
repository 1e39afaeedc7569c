package io.lvs4j.spring.boot;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.DataPlaneProvider;
import io.lvs4j.core.Director;
import io.lvs4j.core.proxy.ProxyDataPlane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** Builds the director of an application, or says all that is wrong. */
final class DirectorFactory {
  private static final String PROXY = "proxy";
  private static final String AUTO = "auto";
  private static final String PROPERTY = "lvs4j.data-plane";

  private final ConfigurableApplicationContext context;
  private final LvsConfiguration configuration;
  private final PropertyProblems problems;
  private @Nullable DataPlane opened;

  DirectorFactory(ConfigurableApplicationContext context, LvsConfiguration configuration) {
    this.context = context;
    this.configuration = configuration;
    this.problems = configuration.problems();
  }

  /**
   * Returns the director.
   *
   * @throws InvalidPropertiesException with every problem there is
   */
  Director build() {
    var builder = Director.builder();
    configuration.virtualServers().values().forEach(builder::virtualServer);
    configuration.instances().forEach(builder::vrrp);
    configuration.groups().forEach(builder::syncGroup);
    builder.listener(configuration.relay());
    closeGrace(builder);
    dataPlane(builder);
    try {
      return build(builder);
    } catch (RuntimeException refused) {
      if (opened != null) {
        opened.close();
      }
      throw refused;
    }
  }

  private Director build(Director.Builder builder) {
    context
        .getBeanProvider(DirectorBuilderCustomizer.class)
        .orderedStream()
        .forEach(customizer -> customizer.customize(builder));
    var missing = missing();
    try {
      var director = builder.build();
      if (!problems.isEmpty()) {
        director.close();
      }
      problems.throwIfAny();
      return director;
    } catch (InvalidConfigurationException refused) {
      // What only follows from another problem says nothing new.
      refused.problems().stream()
          .filter(problem -> !missing.contains(problem.value()))
          .forEach(this::add);
      throw new InvalidPropertiesException(problems.all());
    }
  }

  private void add(Problem problem) {
    problems.add(PropertyProblems.ROOT, problem);
  }

  /** Returns the names of what could not be made of the properties. */
  private Set<String> missing() {
    var missing = new HashSet<>(configuration.properties().vrrp().instances().keySet());
    configuration.instances().forEach(each -> missing.remove(each.name()));
    return missing;
  }

  /** One that is wrong has been reported. */
  private void closeGrace(Director.Builder builder) {
    var drain = configuration.properties().drain();
    if (!drain.isNegative()) {
      builder.closeGrace(drain);
    }
  }

  private void dataPlane(Director.Builder builder) {
    var name = configuration.properties().dataPlane();
    var beans = context.getBeanNamesForType(DataPlane.class);
    if (name == null && beans.length > 0) {
      if (beans.length == 1) {
        builder.dataPlane(context.getBean(beans[0], DataPlane.class));
      } else {
        problems.add(PROPERTY, "none", "one of the data planes: " + String.join(", ", beans));
      }
    } else if (name != null && List.of(beans).contains(name)) {
      builder.dataPlane(context.getBean(name, DataPlane.class));
    } else if (name == null || name.equals(PROXY)) {
      proxy(builder);
    } else if (name.equals(AUTO)) {
      builder.automaticDataPlane();
    } else {
      provided(builder, name, beans);
    }
  }

  private void proxy(Director.Builder builder) {
    var from = configuration.properties().proxy();
    var proxy = ProxyDataPlane.builder();
    int before = problems.all().size();
    set("lvs4j.proxy.event-loops", from.eventLoops(), proxy::eventLoops);
    set("lvs4j.proxy.udp-sessions", from.udpSessions(), proxy::udpSessions);
    ConfigurationReader.ifSet(from.transport(), proxy::transport);
    if (problems.all().size() > before) {
      return;
    }
    try {
      builder.dataPlane(opened(proxy.build()));
    } catch (StartException refused) {
      refused
          .problems()
          .forEach(each -> problems.add("lvs4j.proxy.transport", each.value(), each.expected()));
    }
  }

  /** Remembers what a director would close that does not come to be. */
  private DataPlane opened(DataPlane plane) {
    opened = plane;
    return plane;
  }

  private void set(String property, @Nullable Integer value, IntConsumer setter) {
    if (value == null) {
      return;
    }
    try {
      setter.accept(value);
    } catch (IllegalArgumentException refused) {
      var message = String.valueOf(refused.getMessage());
      int expected = message.indexOf("(expected: ");
      problems.add(
          property,
          value.toString(),
          expected < 0 ? message : message.substring(expected + 11, message.length() - 1));
    }
  }

  private void provided(Director.Builder builder, String name, String... beans) {
    var known = new ArrayList<>(List.of(PROXY, AUTO));
    for (var provider : ServiceLoader.load(DataPlaneProvider.class, context.getClassLoader())) {
      if (provider.name().equals(name)) {
        // A plane that takes hold of the host is not opened for a configuration that won't start.
        if (problems.isEmpty()) {
          builder.dataPlane(opened(provider.open()));
        }
        return;
      }
      known.add(provider.name());
    }
    known.addAll(List.of(beans));
    problems.add(PROPERTY, name, "one of " + String.join(", ", known));
  }
}
