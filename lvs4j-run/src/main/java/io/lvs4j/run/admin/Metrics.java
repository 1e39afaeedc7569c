package io.lvs4j.run.admin;

import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.core.Director;
import io.lvs4j.core.metrics.DirectorMetrics;
import io.lvs4j.core.metrics.VrrpMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** A director's figures in the text form of Prometheus. Thread-safe. */
final class Metrics {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Director director;
  private final PrometheusMeterRegistry servers =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private List<VrrpSnapshot> bound = List.of();
  private PrometheusMeterRegistry instances = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  Metrics(Director director) {
    this.director = director;
    new DirectorMetrics(director).bindTo(servers);
  }

  synchronized String scrape() {
    bindInstances();
    // The first read finds servers that have come or gone; the second shows them.
    servers.get("lvs4j.virtual.servers").gauge().value();
    return servers.scrape() + instances.scrape();
  }

  /** The meters of instances are for those that there were; a reload may have brought others. */
  private void bindInstances() {
    var present = director.vrrp();
    if (!identities(present).equals(identities(bound)) || bound.isEmpty()) {
      instances.close();
      instances = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new VrrpMetrics(director::vrrp).bindTo(instances);
      bound = present;
    }
  }

  private static List<String> identities(List<VrrpSnapshot> instances) {
    return instances.stream()
        .map(each -> each.name() + " " + each.networkInterface() + " " + each.virtualRouterId())
        .toList();
  }
}
