package io.lvs4j.spring.boot;

import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.core.Director;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * DOWN while the director is not running or a VRRP instance is in FAULT. A backup is UP: standing
 * by is its work.
 */
final class DirectorHealthIndicator extends AbstractHealthIndicator {
  private final Director director;

  DirectorHealthIndicator(Director director) {
    this.director = director;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    var instances = director.vrrp();
    boolean fault = instances.stream().anyMatch(each -> each.state() == VrrpState.FAULT);
    if (fault || !director.isRunning()) {
      builder.down();
    } else {
      builder.up();
    }
    if (!instances.isEmpty()) {
      var states = new TreeMap<String, Object>();
      instances.forEach(each ->
          states.put(
              each.name(),
              each.state() == VrrpState.FAULT ? "FAULT: " + each.reason() : each.state().name()));
      builder.withDetail("vrrp", states);
    }
    if (director.isRunning()) {
      var servers = new TreeMap<String, Object>();
      director
          .snapshot()
          .virtualServers()
          .forEach(each ->
              servers.put(each.id().toString(), each.quorumUp() ? "quorum" : "quorum lost"));
      builder.withDetail("virtualServers", servers);
    }
  }
}
