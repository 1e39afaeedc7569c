package io.lvs4j.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.core.Director;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ContextClosedEvent;

/** An address that is held only while the application accepts traffic, in a network of its own. */
class AddressFollowsReadinessTest {
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");

  private final List<VrrpEvent> events = new CopyOnWriteArrayList<>();
  private final List<String> beforeReady = new ArrayList<>();
  private LabNetwork network;
  private Host host;

  @BeforeEach
  void setUp() {
    var obstacle = LabNetwork.obstacle();
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    network = LabNetwork.of("one");
    host = network.host("one");
  }

  @AfterEach
  void tearDown() {
    if (network != null) {
      network.close();
    }
  }

  private ConfigurableApplicationContext start() {
    return host.call(() -> {
      var application = new SpringApplication(GatewayApplication.class);
      application.addListeners((ApplicationListener<ApplicationEvent>) this::hear);
      application.addInitializers(context ->
          context
              .getBeanFactory()
              .registerSingleton(
                  "last", (ApplicationRunner) arguments -> lookBeforeReady(context)));
      return application.run(
          "--server.port=0",
          "--spring.profiles.active=vip",
          "--spring.main.banner-mode=off",
          "--gateway.vip=" + VIP.getHostAddress(),
          "--lvs4j.vrrp.instances.gateway.version=v3",
          "--lvs4j.vrrp.instances.gateway.advertisement-interval=100ms");
    });
  }

  private void hear(ApplicationEvent event) {
    if (event instanceof PayloadApplicationEvent<?> payload
        && payload.getPayload() instanceof VrrpEvent happened) {
      events.add(happened);
    }
    if (event instanceof ContextClosedEvent) {
      // Whoever takes long to hear of the end must not cost the address.
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(5))
          .until(() -> host.has(VIP));
    }
  }

  /** The web server answers, and runners still have work to do. */
  private void lookBeforeReady(ConfigurableApplicationContext context) {
    assertThat(context.getEnvironment().getProperty("local.server.port")).isNotNull();
    var director = context.getBean(Director.class);
    await().until(() -> director.vrrp("gateway").state() == VrrpState.FAULT);
    beforeReady.add(director.vrrp("gateway").reason() + host.has(VIP));
  }

  @Test
  void anAddressComesWithReadinessGoesWithoutAndIsHandedOverAtTheEnd() {
    Director director;
    try (var context = start()) {
      director = context.getBean(Director.class);
      assertThat(beforeReady).hasSize(1);
      assertThat(beforeReady.getFirst()).contains("readiness of the application").endsWith("false");
      await().until(() -> host.has(VIP));

      AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
      await().until(() -> !host.has(VIP));
      assertThat(director.vrrp("gateway").state()).isEqualTo(VrrpState.FAULT);

      AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
      await().until(() -> host.has(VIP));
      await().until(() -> events.getLast() instanceof VrrpEvent.Master);
      events.clear();
    }
    assertThat(host.has(VIP)).isFalse();
    assertThat(events).as("the end is no fault").noneMatch(VrrpEvent.Fault.class::isInstance);
    assertThat(events).anyMatch(VrrpEvent.Stopped.class::isInstance);
    assertThat(director.vrrp("gateway").counters().priorityZeroSent()).isPositive();
  }
}
