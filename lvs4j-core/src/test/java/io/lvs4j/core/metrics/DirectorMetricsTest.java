package io.lvs4j.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.HttpBackend;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class DirectorMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void metersFollowTheServersThatComeAndGo() {
    int port = HttpBackend.freePort();
    try (var one = new HttpBackend("one");
        var two = new HttpBackend("two")) {
      var web = VirtualServer.tcp("127.0.0.1", port).realServer("127.0.0.1", one.port()).build();
      try (var director = Director.builder().virtualServer(web).build()) {
        director.start();
        new DirectorMetrics(director).bindTo(registry);
        assertThat(HttpBackend.ask(port)).isEqualTo("one");

        await()
            .ignoreException(MeterNotFoundException.class)
            .untilAsserted(() ->
                assertThat(counter("lvs4j.real.server.connections", one.port())).isEqualTo(1));
        assertThat(registry.get("lvs4j.virtual.server.quorum").gauge().value()).isEqualTo(1);
        assertThat(registry.get("lvs4j.virtual.server.received").functionCounter().count())
            .isEqualTo("GET / HTTP/1.0\r\n\r\n".length());

        director.virtualServer(web).add(RealServer.of("127.0.0.1", two.port()).weight(7));
        await()
            .ignoreException(MeterNotFoundException.class)
            .untilAsserted(() -> {
              assertThat(registry.get("lvs4j.virtual.servers").gauge().value()).isEqualTo(1);
              assertThat(gauge("lvs4j.real.server.weight", two.port())).isEqualTo(7);
            });

        director.realServer(web, "127.0.0.1", one.port()).remove();
        await()
            .ignoreException(MeterNotFoundException.class)
            .untilAsserted(() -> {
              assertThat(registry.get("lvs4j.virtual.servers").gauge().value()).isEqualTo(1);
              assertThat(registry.getMeters())
                  .extracting(Meter::getId)
                  .noneMatch(id -> endpoint(one.port()).equals(id.getTag("real.server")));
            });
      }
      assertThat(registry.getMeters())
          .extracting(each -> each.getId().getTags().size())
          .allMatch(tags -> tags <= 2);
      assertThat(registry.get("lvs4j.virtual.server.connections").functionCounter().count())
          .as("the last figures stay once the director is closed")
          .isEqualTo(1);
    }
  }

  private double counter(String name, int port) {
    return registry.get(name).tag("real.server", endpoint(port)).functionCounter().count();
  }

  private double gauge(String name, int port) {
    return registry.get(name).tag("real.server", endpoint(port)).gauge().value();
  }

  private static String endpoint(int port) {
    return "127.0.0.1:" + port;
  }
}
