package io.lvs4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.HealthProbe;
import io.lvs4j.api.HealthReport;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.core.Director;
import io.lvs4j.core.metrics.DirectorMetrics;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.keepalived.KeepalivedReader;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

class DirectorAutoConfigurationTest {
  private final WellServer well = new WellServer("well");
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DirectorAutoConfiguration.class,
                  DirectorActuatorAutoConfiguration.class,
                  DirectorMetricsAutoConfiguration.class));
  private final ApplicationContextRunner web =
      runner.withPropertyValues(
          "lvs4j.virtual-servers.web.address=127.0.0.1:0",
          "lvs4j.virtual-servers.web.real-servers[0]=" + well.address());

  @AfterEach
  void close() {
    well.close();
  }

  private static int port(AssertableApplicationContext context, String name) {
    return context
        .getEnvironment()
        .getRequiredProperty("local.lvs4j." + name + ".port", Integer.class);
  }

  @Test
  void aVirtualServerOfThePropertiesIsServedAtAPortThatTheEnvironmentTells() {
    web.run(context -> {
      assertThat(context).hasNotFailed();
      assertThat(WellServer.ask(port(context, "web"))).isEqualTo("well");
      assertThat(context.getBean(Director.class).isRunning()).isTrue();
    });
  }

  @Test
  void udpIsServedToo() {
    runner
        .withPropertyValues(
            "lvs4j.virtual-servers.dns.protocol=udp",
            "lvs4j.virtual-servers.dns.address=127.0.0.1:0",
            "lvs4j.virtual-servers.dns.real-servers=127.0.0.1:53")
        .run(context ->
            assertThat(context.getBean(Director.class).snapshot().virtualServers().getFirst().id())
                .hasToString("127.0.0.1:" + port(context, "dns") + "/udp"));
  }

  @Test
  void theDirectorIsClosedWithTheContext() {
    var directors = new CopyOnWriteArrayList<Director>();
    web.run(context -> directors.add(context.getBean(Director.class)));
    assertThat(directors.getFirst().isRunning()).isFalse();
  }

  @Test
  void nothingIsThereWhereItIsNotEnabled() {
    var before = threads();
    web.withPropertyValues("lvs4j.enabled=false", "lvs4j.nonsense=true")
        .run(context -> {
          assertThat(context).hasNotFailed().doesNotHaveBean(Director.class);
          assertThat(context.getBeanDefinitionNames())
              .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("lvs4j"));
          assertThat(threads()).isEqualTo(before);
        });
  }

  @Configuration
  static class OwnDirector {
    @Bean
    Director mine() {
      return Director.builder().build();
    }
  }

  @Test
  void aDirectorOfTheApplicationsOwnTakesItsPlaceAndIsStartedAndStopped() {
    runner
        .withUserConfiguration(OwnDirector.class)
        .run(context -> {
          assertThat(context).hasSingleBean(Director.class).hasBean("mine");
          assertThat(context.getBean(Director.class).isRunning()).isTrue();
        });
  }

  @Configuration
  static class Choices {
    @Bean
    Scheduler first() {
      return (servers, flow) -> servers.size() > 0 ? 0 : Scheduler.NONE;
    }

    @Bean
    HealthProbe sick() {
      return (server, timeout) ->
          CompletableFuture.completedFuture(HealthReport.down("sick, says the bean"));
    }
  }

  @Test
  void schedulersAndProbesAreBeansByName() {
    web.withUserConfiguration(Choices.class)
        .withPropertyValues(
            "lvs4j.virtual-servers.web.scheduler-bean=first",
            "lvs4j.virtual-servers.web.health-check.type=probe",
            "lvs4j.virtual-servers.web.health-check.probe=sick",
            "lvs4j.virtual-servers.web.health-check.every=100ms",
            "lvs4j.virtual-servers.web.health-check.warm-up=0s")
        .run(context -> {
          var director = context.getBean(Director.class);
          assertThat(director.snapshot().virtualServers().getFirst().scheduler().name())
              .isEqualTo("first");
          await()
              .untilAsserted(() ->
                  assertThat(
                          director
                              .snapshot()
                              .virtualServers()
                              .getFirst()
                              .realServers()
                              .getFirst()
                              .detail())
                      .contains("sick, says the bean"));
        });
  }

  @Configuration
  static class Listening {
    final List<DirectorEvent> heard = new CopyOnWriteArrayList<>();
    final List<DirectorEvent.QuorumUp> events = new CopyOnWriteArrayList<>();

    @Bean
    DirectorListener listener(Director director) {
      return event -> {
        if (director.isRunning()) {
          heard.add(event);
        }
      };
    }

    @Bean
    DirectorListener failing() {
      return event -> {
        throw new IllegalStateException("deliberate");
      };
    }

    @EventListener
    void quorum(DirectorEvent.QuorumUp event) {
      events.add(event);
    }
  }

  @Test
  void listenersAreBeansThatMayDependOnTheDirectorAndEveryEventIsAnApplicationEvent() {
    web.withUserConfiguration(Listening.class)
        .withPropertyValues("lvs4j.virtual-servers.web.notify-at-start=true")
        .run(context -> {
          var listening = context.getBean(Listening.class);
          await().untilAsserted(() -> assertThat(listening.events).hasSize(1));
          assertThat(listening.heard).contains(listening.events.getFirst());
        });
  }

  @Configuration
  static class InJava {
    @Bean
    VirtualServer orders() {
      return VirtualServer.tcp("127.0.0.1", 18_080).realServer("127.0.0.1", 1).build();
    }

    @Bean
    DataPlane plane() {
      return ProxyDataPlane.builder().eventLoops(1).transport(ProxyDataPlane.Transport.NIO).build();
    }

    @Bean
    DirectorBuilderCustomizer another() {
      return builder ->
          builder.virtualServer(
              VirtualServer.udp("127.0.0.1", 18_081).realServer("127.0.0.1", 1).build());
    }
  }

  @Test
  void virtualServersADataPlaneAndCustomizersAreBeansByType() {
    web.withUserConfiguration(InJava.class)
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context.getBean(Director.class).snapshot().virtualServers()).hasSize(3);
          assertThat(port(context, "orders")).isEqualTo(18_080);
        });
  }

  @Test
  void aKeepalivedConfIsServedBesideTheProperties(@TempDir Path directory) throws IOException {
    var file = directory.resolve("keepalived.conf");
    Files.writeString(
        file,
        """
        virtual_server 127.0.0.1 18082 {
          lb_algo rr
          lb_kind NAT
          protocol TCP
          real_server 127.0.0.1 1 {
            weight 7
          }
        }
        """);
    web.withPropertyValues("lvs4j.keepalived-conf=file:" + file)
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context.getBean(Director.class).snapshot().virtualServers())
              .extracting(each -> each.scheduler().name())
              .containsExactly("wlc", "rr");
        });
  }

  @Test
  void aKeepalivedConfWithoutItsReaderSaysWhatIsMissing() {
    web.withClassLoader(new FilteredClassLoader(KeepalivedReader.class))
        .withPropertyValues("lvs4j.keepalived-conf=file:/etc/keepalived.conf")
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("io.lvs4j:lvs4j-keepalived on the class path"));
  }

  @Test
  void itStartsWithoutActuatorHealthAndMicrometer() {
    web.withClassLoader(
            new FilteredClassLoader(Endpoint.class, HealthIndicator.class, MeterBinder.class))
        .run(context ->
            assertThat(context)
                .hasNotFailed()
                .hasSingleBean(Director.class)
                .doesNotHaveBean("lvs4jEndpoint")
                .doesNotHaveBean("lvs4jHealthIndicator")
                .doesNotHaveBean("lvs4jDirectorMetrics"));
    web.withClassLoader(new FilteredClassLoader(Endpoint.class))
        .run(context -> assertThat(context).hasNotFailed().hasBean("lvs4jHealthIndicator"));
    web.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(DirectorMetrics.class));
  }

  @Test
  void theHealthIndicatorCanBeTurnedOff() {
    web.withPropertyValues("management.health.lvs4j.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("lvs4jHealthIndicator"));
  }

  @Test
  void anApplicationWithoutAWebServerStaysAliveUntilItsContextIsClosed() {
    web.run(context ->
        assertThat(Thread.getAllStackTraces().keySet())
            .anyMatch(thread -> thread.getName().equals("lvs4j-keep-alive") && !thread.isDaemon()));
    await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("lvs4j")));
  }

  @Test
  void aContextThatIsStoppedAndStartedServesAgainAtTheSamePort() {
    web.run(context -> {
      var director = context.getBean(Director.class);
      context.stop();
      assertThat(director.isRunning()).isFalse();
      context.start();
      assertThat(WellServer.ask(port(context, "web"))).isEqualTo("well");
    });
  }

  @Test
  void aDirectorThatDoesNotComeToBeLeavesNothingBehind() throws IOException {
    var refused = web.withPropertyValues("lvs4j.virtual-servers.web.forwarding=tunnel");
    refused.run(context -> assertThat(context).hasFailed());
    long sockets = sockets();
    for (int i = 0; i < 5; i++) {
      refused.run(context -> assertThat(context).hasFailed());
    }
    await().untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(sockets));
  }

  @Test
  void twentyRestartsLeaveNoThreadAndNoSocketBehind() throws IOException {
    web.run(context -> assertThat(context).hasNotFailed());
    var threads = threads();
    long sockets = sockets();
    for (int i = 0; i < 20; i++) {
      web.run(context -> assertThat(WellServer.ask(port(context, "web"))).isEqualTo("well"));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(threads()).isSubsetOf(threads);
          assertThat(sockets()).isLessThanOrEqualTo(sockets);
        });
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.contains("lvs4j"))
        .collect(Collectors.toSet());
  }

  /** The sockets and event files of this process; those of its files come and go. */
  private static long sockets() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .filter(descriptor -> {
            try {
              var target = Files.readSymbolicLink(descriptor).toString();
              return target.startsWith("socket:") || target.startsWith("anon_inode:");
            } catch (IOException gone) {
              return false;
            }
          })
          .count();
    }
  }
}
