package io.lvs4j.core.metrics;

import io.lvs4j.api.vrrp.AdvertError;
import io.lvs4j.api.vrrp.VrrpCounters;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.api.vrrp.VrrpState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Binds the figures of VRRP instances to a Micrometer registry:
 *
 * <pre>{@code
 * new VrrpMetrics(director::vrrp).bindTo(registry);   // or router::snapshot
 * }</pre>
 *
 * <p>All meters begin with {@code lvs4j.vrrp} and have the tags {@code vrrp.instance}, {@code
 * interface} ({@code none} if there is none) and {@code virtual.router.id}; {@code
 * lvs4j.vrrp.advert.errors} has {@code reason} too, one for each {@link AdvertError}, and {@code
 * lvs4j.vrrp.state} has {@code state}. There are as many tag values as configured instances, never
 * one a peer. Counters are called what keepalived calls them. The instances are those that there
 * are when the meters are bound.
 *
 * <p>Thread-safe. A snapshot is taken at most ten times a second.
 */
public final class VrrpMetrics implements MeterBinder {
  private static final String PREFIX = "lvs4j.vrrp.";
  private static final long FRESH = Duration.ofMillis(100).toNanos();

  private final Supplier<List<VrrpSnapshot>> instances;
  private volatile Figures figures;

  private record Figures(Map<String, VrrpSnapshot> byName, long readAt) {}

  /**
   * Creates a binder.
   *
   * @param instances takes a snapshot of all instances; called by whichever thread reads a meter
   */
  public VrrpMetrics(Supplier<List<VrrpSnapshot>> instances) {
    this.instances = Objects.requireNonNull(instances, "instances");
    this.figures = read();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    figures = read();
    figures.byName().values().forEach(instance -> new Binding(registry, instance).bind());
  }

  private Figures read() {
    return new Figures(
        instances.get().stream()
            .collect(Collectors.toUnmodifiableMap(VrrpSnapshot::name, Function.identity())),
        System.nanoTime());
  }

  private double figure(String name, ToDoubleFunction<VrrpSnapshot> figure) {
    if (System.nanoTime() - figures.readAt() > FRESH) {
      figures = read();
    }
    var instance = figures.byName().get(name);
    return instance == null ? Double.NaN : figure.applyAsDouble(instance);
  }

  /** The meters of one instance. */
  private final class Binding {
    private final MeterRegistry registry;
    private final String name;
    private final Tags tags;

    Binding(MeterRegistry registry, VrrpSnapshot instance) {
      this.registry = registry;
      this.name = instance.name();
      this.tags =
          Tags.of(
              "vrrp.instance",
              name,
              "interface",
              instance.networkInterface().orElse("none"),
              "virtual.router.id",
              Integer.toString(instance.virtualRouterId().value()));
    }

    void bind() {
      for (var state : VrrpState.values()) {
        gauge(
            "state",
            "1 for the state that the instance is in",
            Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
            instance -> instance.state() == state ? 1 : 0);
      }
      gauge("priority", "Priority as configured", instance -> instance.priority().value());
      gauge(
          "priority.effective",
          "Priority under tracking, which adverts have",
          instance -> instance.effectivePriority().value());
      gauge(
          "addresses.held",
          "Virtual addresses that are on this host",
          instance -> instance.heldAddresses().size());
      counter("transitions", "Changes of state", VrrpSnapshot::transitions);
      counted("advert.sent", "Adverts sent", VrrpCounters::advertsSent);
      counted("advert.rcvd", "Adverts believed", VrrpCounters::advertsReceived);
      counted("become.master", "Times it became master", VrrpCounters::becameMaster);
      counted("release.master", "Times it ceased to be master", VrrpCounters::releasedMaster);
      counted("pri.zero.sent", "Adverts that gave up", VrrpCounters::priorityZeroSent);
      counted("pri.zero.rcvd", "Adverts of a master giving up", VrrpCounters::priorityZeroReceived);
      counted(
          "announcements.sent",
          "Gratuitous ARPs and neighbour advertisements sent",
          VrrpCounters::announcementsSent);
      counted("send.failures", "What this host refused to send", VrrpCounters::sendFailures);
      counted(
          "addresses.restored",
          "Virtual addresses put back that somebody removed",
          VrrpCounters::addressesRestored);
      counted(
          "address.conflicts",
          "Claims of other stations to addresses held here",
          VrrpCounters::addressConflicts);
      counted(
          "internal.errors",
          "What failed by an error that nobody expected",
          VrrpCounters::internalErrors);
      for (var error : AdvertError.values()) {
        counter(
            "advert.errors",
            "Adverts with something wrong",
            Tags.of("reason", error.counterName()),
            instance -> instance.counters().errors(error));
      }
    }

    private void gauge(String meter, String description, ToDoubleFunction<VrrpSnapshot> figure) {
      gauge(meter, description, Tags.empty(), figure);
    }

    private void gauge(
        String meter, String description, Tags more, ToDoubleFunction<VrrpSnapshot> figure) {
      Gauge.builder(PREFIX + meter, VrrpMetrics.this, metrics -> metrics.figure(name, figure))
          .description(description)
          .tags(tags.and(more))
          .strongReference(true)
          .register(registry);
    }

    private void counted(String meter, String description, ToDoubleFunction<VrrpCounters> figure) {
      counter(meter, description, instance -> figure.applyAsDouble(instance.counters()));
    }

    private void counter(String meter, String description, ToDoubleFunction<VrrpSnapshot> figure) {
      counter(meter, description, Tags.empty(), figure);
    }

    private void counter(
        String meter, String description, Tags more, ToDoubleFunction<VrrpSnapshot> figure) {
      FunctionCounter.builder(
              PREFIX + meter, VrrpMetrics.this, metrics -> metrics.figure(name, figure))
          .description(description)
          .tags(tags.and(more))
          .register(registry);
    }
  }
}
