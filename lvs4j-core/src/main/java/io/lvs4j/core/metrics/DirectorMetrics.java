package io.lvs4j.core.metrics;

import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServerSnapshot;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.core.Director;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Binds a director's figures to a Micrometer registry:
 *
 * <pre>{@code
 * new DirectorMetrics(director).bindTo(registry);
 * }</pre>
 *
 * <p>Meters of a virtual server begin with {@code lvs4j.virtual.server} and have the tag {@code
 * virtual.server}; those of a real server begin with {@code lvs4j.real.server} and have {@code
 * real.server} too. There are as many tag values as configured servers, never one a client. The
 * meters follow the director: those of a server that is added or removed come and go with the next
 * read of any meter, at most once a second. Once the director is closed the last figures stay.
 *
 * <p>Thread-safe.
 */
public final class DirectorMetrics implements MeterBinder {
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private final Director director;
  private final Map<MeterRegistry, Map<Tags, List<Meter>>> bound = new ConcurrentHashMap<>();
  private volatile Figures figures = Figures.of(new DirectorSnapshot(List.of()), 0);

  /** Creates a binder for a director, which need not have been started. */
  public DirectorMetrics(Director director) {
    this.director = director;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.put(registry, new HashMap<>());
    Gauge.builder("lvs4j.virtual.servers", this, metrics -> metrics.fresh().virtualServers().size())
        .description("Virtual servers that are served")
        .strongReference(true)
        .register(registry);
    Gauge.builder("lvs4j.director.running", director, each -> each.isRunning() ? 1 : 0)
        .description("1 while the director runs with all its threads")
        .strongReference(true)
        .register(registry);
    read();
  }

  private Figures fresh() {
    if (System.nanoTime() - figures.readAt() > FRESH) {
      read();
    }
    return figures;
  }

  private synchronized void read() {
    if (!director.isRunning()) {
      return;
    }
    figures = Figures.of(director.snapshot(), System.nanoTime());
    bound.forEach(this::follow);
  }

  /** Registers the meters of servers that are new and removes those of servers that have gone. */
  private void follow(MeterRegistry registry, Map<Tags, List<Meter>> meters) {
    for (var tags : List.copyOf(meters.keySet())) {
      if (!figures.virtualServers().containsKey(tags)
          && !figures.realServers().containsKey(tags)
          && !figures.loops().contains(tags)) {
        meters.getOrDefault(tags, List.of()).forEach(registry::remove);
        meters.remove(tags);
      }
    }
    for (var tags : figures.virtualServers().keySet()) {
      meters.computeIfAbsent(tags, each -> registerVirtualServer(registry, each));
    }
    for (var tags : figures.realServers().keySet()) {
      meters.computeIfAbsent(tags, each -> registerRealServer(registry, each));
    }
    for (var tags : figures.loops()) {
      meters.computeIfAbsent(tags, each -> registerLoop(registry, each));
    }
  }

  private List<Meter> registerLoop(MeterRegistry registry, Tags tags) {
    return List.of(
        gauge(
            registry,
            "lvs4j.loop.alive",
            "1 while the thread is there",
            tags,
            loop(tags, each -> each.alive() ? 1 : 0)),
        gauge(
            registry,
            "lvs4j.loop.behind",
            "Seconds for which the thread has not got around to its work",
            tags,
            loop(tags, each -> each.behind().toNanos() / 1e9)),
        counter(
            registry,
            "lvs4j.loop.faults",
            "Throwables that the thread has survived",
            null,
            tags,
            loop(tags, LoopSnapshot::faults)));
  }

  /** Reads the loops themselves: that one has ended is news of a director that doesn't run. */
  private static ToDoubleFunction<DirectorMetrics> loop(
      Tags tags, ToDoubleFunction<LoopSnapshot> figure) {
    return metrics ->
        metrics.director.loops().stream()
            .filter(each -> Tags.of("loop", each.name()).equals(tags))
            .mapToDouble(figure)
            .findFirst()
            .orElse(Double.NaN);
  }

  private List<Meter> registerVirtualServer(MeterRegistry registry, Tags tags) {
    var prefix = "lvs4j.virtual.server.";
    var meters = new ArrayList<Meter>();
    meters.add(
        gauge(
            registry,
            prefix + "quorum",
            "1 while there is quorum",
            tags,
            virtual(tags, each -> each.quorumUp() ? 1 : 0)));
    meters.add(
        gauge(
            registry,
            prefix + "checking",
            "1 unless checks are paused for want of the virtual address",
            tags,
            virtual(tags, each -> each.checking() ? 1 : 0)));
    meters.add(
        gauge(
            registry,
            prefix + "sorry",
            "1 while the sorry server has the connections",
            tags,
            virtual(tags, each -> each.sorryServerActive() ? 1 : 0)));
    meters.add(
        counter(
            registry,
            prefix + "connections",
            "Connections scheduled",
            null,
            tags,
            virtual(tags, each -> each.traffic().connections())));
    meters.add(
        counter(
            registry,
            prefix + "received",
            "Payload from clients",
            "bytes",
            tags,
            virtual(tags, each -> each.traffic().inBytes())));
    meters.add(
        counter(
            registry,
            prefix + "sent",
            "Payload to clients",
            "bytes",
            tags,
            virtual(tags, each -> each.traffic().outBytes())));
    return meters;
  }

  private List<Meter> registerRealServer(MeterRegistry registry, Tags tags) {
    var prefix = "lvs4j.real.server.";
    var meters = new ArrayList<Meter>();
    meters.add(
        gauge(
            registry,
            prefix + "up",
            "1 while all checks are passed",
            tags,
            real(tags, each -> each.up() ? 1 : 0)));
    meters.add(
        gauge(
            registry,
            prefix + "ejected",
            "1 while it failed so many connections that it gets no new ones",
            tags,
            real(tags, each -> each.ejected() ? 1 : 0)));
    meters.add(
        gauge(
            registry,
            prefix + "weight",
            "Weight in effect",
            tags,
            real(tags, RealServerSnapshot::effectiveWeight)));
    meters.add(
        gauge(
            registry,
            prefix + "active",
            "Established connections",
            tags,
            real(tags, RealServerSnapshot::active)));
    meters.add(
        gauge(
            registry,
            prefix + "inactive",
            "Half-closed connections and UDP sessions",
            tags,
            real(tags, RealServerSnapshot::inactive)));
    meters.add(
        counter(
            registry,
            prefix + "connections",
            "Connections scheduled",
            null,
            tags,
            real(tags, each -> each.traffic().connections())));
    meters.add(
        counter(
            registry,
            prefix + "connect.failures",
            "Connects that failed",
            null,
            tags,
            real(tags, RealServerSnapshot::connectFailures)));
    meters.add(
        counter(
            registry,
            prefix + "received",
            "Payload from clients",
            "bytes",
            tags,
            real(tags, each -> each.traffic().inBytes())));
    meters.add(
        counter(
            registry,
            prefix + "sent",
            "Payload to clients",
            "bytes",
            tags,
            real(tags, each -> each.traffic().outBytes())));
    return meters;
  }

  private static ToDoubleFunction<DirectorMetrics> virtual(
      Tags tags, ToDoubleFunction<VirtualServerSnapshot> figure) {
    return metrics -> {
      var server = metrics.fresh().virtualServers().get(tags);
      return server == null ? Double.NaN : figure.applyAsDouble(server);
    };
  }

  private static ToDoubleFunction<DirectorMetrics> real(
      Tags tags, ToDoubleFunction<RealServerSnapshot> figure) {
    return metrics -> {
      var server = metrics.fresh().realServers().get(tags);
      return server == null ? Double.NaN : figure.applyAsDouble(server);
    };
  }

  private Meter gauge(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<DirectorMetrics> figure) {
    return Gauge.builder(name, this, figure)
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private Meter counter(
      MeterRegistry registry,
      String name,
      String description,
      @Nullable String unit,
      Tags tags,
      ToDoubleFunction<DirectorMetrics> figure) {
    return FunctionCounter.builder(name, this, figure)
        .description(description)
        .baseUnit(unit)
        .tags(tags)
        .register(registry);
  }

  /**
   * A snapshot by the tags of its meters.
   *
   * @param virtualServers by virtual server
   * @param realServers by virtual and real server
   * @param loops of the threads
   * @param readAt when it was read
   */
  private record Figures(
      Map<Tags, VirtualServerSnapshot> virtualServers,
      Map<Tags, RealServerSnapshot> realServers,
      Set<Tags> loops,
      long readAt) {

    static Figures of(DirectorSnapshot snapshot, long readAt) {
      var virtualServers = new HashMap<Tags, VirtualServerSnapshot>();
      var realServers = new HashMap<Tags, RealServerSnapshot>();
      for (var virtual : snapshot.virtualServers()) {
        var tags = Tags.of("virtual.server", virtual.id().toString());
        virtualServers.put(tags, virtual);
        for (var real : virtual.realServers()) {
          realServers.put(tags.and("real.server", real.endpoint().toString()), real);
        }
      }
      var loops =
          snapshot.loops().stream()
              .map(each -> Tags.of("loop", each.name()))
              .collect(Collectors.toSet());
      return new Figures(virtualServers, realServers, loops, readAt);
    }
  }
}
