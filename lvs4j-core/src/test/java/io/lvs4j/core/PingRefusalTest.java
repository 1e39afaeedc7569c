package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import org.junit.jupiter.api.Test;

/** PING_CHECK where nobody can send pings: lvs4j-linux is not on this module's class path. */
class PingRefusalTest {
  private static final String REMEDY =
      "virtual server 127.0.0.1:8099/tcp: health check PING_CHECK: ICMP echo: nobody to send it"
          + " (expected: lvs4j-linux on the class path)";

  private static VirtualServer.Builder web() {
    return VirtualServer.tcp("127.0.0.1", 8099).realServer("127.0.0.1", 8098);
  }

  private static HealthCheck ping() {
    return HealthCheck.of(new IcmpEcho());
  }

  @Test
  void itIsRefusedWhenTheDirectorIsBuilt() {
    var director = Director.builder().virtualServer(web().healthCheck(ping()).build());
    assertThatThrownBy(director::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(REMEDY);
  }

  @Test
  void itIsRefusedWhenItComesLaterAndNothingChanges() {
    var plain = web().build();
    try (var director = Director.builder().virtualServer(plain).build()) {
      director.start();
      assertThatThrownBy(() -> director.update(web().healthCheck(ping()).build()))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessage(REMEDY);
      var pinged = RealServer.of("127.0.0.2", 8098).healthCheck(ping());
      assertThatThrownBy(() -> director.virtualServer(plain).add(pinged))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessage(REMEDY);
      assertThat(director.virtualServer(plain).snapshot().realServers()).hasSize(1);
    }
  }
}
