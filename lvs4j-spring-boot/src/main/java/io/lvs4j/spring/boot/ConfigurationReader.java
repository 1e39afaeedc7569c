package io.lvs4j.spring.boot;

import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/** Makes a {@link LvsConfiguration} of an application's properties and beans. */
final class ConfigurationReader {
  private static final String SERVERS = "lvs4j.virtual-servers.";
  private static final String INSTANCES = "lvs4j.vrrp.instances.";
  private static final String GROUPS = "lvs4j.vrrp.groups.";
  private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";
  private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);
  private static final String READER = "io.lvs4j.keepalived.KeepalivedReader";

  private final ConfigurableApplicationContext context;
  private final Readiness readiness;
  private final StepDowns stepDowns;
  private final EventRelay relay;
  private final PropertyProblems problems;
  private final NamedBeans beans;
  private final Map<String, VirtualServer> virtualServers = new LinkedHashMap<>();
  private final List<VrrpInstance> instances = new ArrayList<>();
  private final List<SyncGroup> groups = new ArrayList<>();

  private ConfigurationReader(
      ConfigurableApplicationContext context, Readiness readiness, StepDowns stepDowns) {
    this.context = context;
    this.relay = new EventRelay(context);
    this.readiness = readiness;
    this.stepDowns = stepDowns;
    this.problems = new PropertyProblems(context.getEnvironment());
    this.beans = new NamedBeans(context.getBeanFactory(), problems);
  }

  static LvsConfiguration read(
      ConfigurableApplicationContext context, Readiness readiness, StepDowns stepDowns) {
    return new ConfigurationReader(context, readiness, stepDowns).read();
  }

  private LvsConfiguration read() {
    var properties = PropertyBinding.bind(context.getEnvironment(), problems);
    drain(properties.drain());
    properties.virtualServers().forEach(this::virtualServer);
    context.getBeansOfType(VirtualServer.class).forEach(virtualServers::putIfAbsent);
    var listeners = List.<VrrpListener>of(relay);
    vrrp(properties.vrrp(), listeners);
    var file = properties.keepalivedConf();
    if (file != null) {
      keepalivedConf(file);
    }
    ports();
    var trackers = trackers(properties.vrrp());
    return new LvsConfiguration(
        properties,
        virtualServers,
        instances.stream().map(each -> extended(each, trackers, listeners)).toList(),
        groups,
        relay,
        problems);
  }

  private void drain(Duration drain) {
    var phase =
        Binder.get(context.getEnvironment())
            .bind(PHASE_TIMEOUT, Duration.class)
            .orElse(DEFAULT_PHASE_TIMEOUT);
    if (drain.isNegative() || drain.compareTo(phase) >= 0) {
      problems.add(
          "lvs4j.drain",
          drain.toString(),
          "0s or more, and less than " + PHASE_TIMEOUT + ", which is " + phase);
    }
  }

  private void virtualServer(String name, VirtualServerProperties from) {
    var prefix = SERVERS + name;
    new VirtualServerMapper(problems, beans, prefix, from)
        .map()
        .ifPresent(virtualServer -> {
          virtualServers.put(name, virtualServer);
          problems.name(PropertyProblems.ROOT, "virtual server " + virtualServer.id(), prefix);
        });
  }

  private void vrrp(Lvs4jProperties.Vrrp from, List<VrrpListener> listeners) {
    var mapper = new VrrpMapper(problems, beans, virtualServers);
    from.instances()
        .forEach((name, each) -> {
          problems.name(PropertyProblems.ROOT, "VRRP instance " + name, INSTANCES + name);
          mapper.instance(name, INSTANCES + name, each).ifPresent(instances::add);
        });
    from.groups()
        .forEach((name, each) -> {
          problems.name(PropertyProblems.ROOT, "sync group " + name, GROUPS + name);
          mapper.group(name, GROUPS + name, each, listeners).ifPresent(groups::add);
        });
    instances.addAll(context.getBeansOfType(VrrpInstance.class).values());
    groups.addAll(context.getBeansOfType(SyncGroup.class).values());
  }

  private void keepalivedConf(String file) {
    if (!ClassUtils.isPresent(READER, context.getClassLoader())) {
      problems.add("lvs4j.keepalived-conf", file, "io.lvs4j:lvs4j-keepalived on the class path");
      return;
    }
    KeepalivedConf.read(context.getResource(file), problems)
        .ifPresent(read -> {
          read.virtualServers()
              .forEach(each -> {
                virtualServers.putIfAbsent(each.id().toString(), each);
                name("virtual server " + each.id());
              });
          read.vrrpInstances()
              .forEach(each -> {
                instances.add(each);
                name("VRRP instance " + each.name());
              });
          read.syncGroups()
              .forEach(each -> {
                groups.add(each);
                name("sync group " + each.name());
              });
        });
  }

  private void name(String subject) {
    problems.name(PropertyProblems.ROOT, subject, "lvs4j.keepalived-conf");
  }

  /** Tells which port each virtual server has, as Boot does for web servers. */
  private void ports() {
    var ports = new LinkedHashMap<String, Object>();
    virtualServers.forEach((name, virtualServer) -> {
      if (virtualServer.id() instanceof VirtualServerId.Address at) {
        ports.put("local.lvs4j." + name + ".port", at.endpoint().port());
      }
    });
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(new MapPropertySource("lvs4j.ports", ports));
  }

  /** Trackers that no instance has by name hold for all. */
  private List<Tracker> trackers(Lvs4jProperties.Vrrp from) {
    var trackers = new ArrayList<>(beans.unnamed(Tracker.class));
    if (from.trackReadiness()) {
      trackers.add(readiness.tracker());
    }
    return trackers;
  }

  private VrrpInstance extended(
      VrrpInstance instance, List<Tracker> trackers, List<VrrpListener> listeners) {
    var all = new ArrayList<>(trackers);
    all.add(stepDowns.tracker(instance.name()));
    return VrrpMapper.extended(instance, all, listeners);
  }

  /** Returns the same problem without the first part of its subject. */
  static Problem withoutFirst(Problem problem) {
    int end = problem.subject().indexOf(": ");
    return end < 0
        ? problem
        : new Problem(problem.subject().substring(end + 2), problem.value(), problem.expected());
  }

  static <T> void ifSet(@Nullable T value, Consumer<? super T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  static void ifTrue(@Nullable Boolean value, Runnable setter) {
    if (Boolean.TRUE.equals(value)) {
      setter.run();
    }
  }

  static void unless(@Nullable Boolean value, Runnable setter) {
    if (Boolean.FALSE.equals(value)) {
      setter.run();
    }
  }
}
