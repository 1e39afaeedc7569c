package io.lvs4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class WrongPropertiesTest {
  private static final String WEB = "lvs4j.virtual-servers.web.";
  private static final String GATEWAY = "lvs4j.vrrp.instances.gateway.";

  private static Arguments wrong(String line, String property, String value, String expected) {
    return arguments(line, property, value, expected);
  }

  static Stream<Arguments> wrongProperties() {
    return Stream.of(
        // Names.
        wrong(WEB + "quorom=2", WEB + "quorom", "\"2\"", "did you mean " + WEB + "quorum?"),
        wrong(
            "lvs4j.virtual-server.web.address=1.2.3.4:80",
            "lvs4j.virtual-server.web.address",
            "\"1.2.3.4:80\"",
            "did you mean lvs4j.virtual-servers?"),
        wrong(WEB + "health-check.interval=5s", WEB + "health-check.interval", "\"5s\"", "every"),
        wrong(
            GATEWAY + "network-interface=eth0",
            GATEWAY + "network-interface",
            "\"eth0\"",
            "interface"),
        wrong(WEB + "quorum.least=2", WEB + "quorum.least", "\"2\"", "none below it"),
        // Values that are no values of their type.
        wrong(WEB + "quorum=many", WEB + "quorum", "\"many\"", "a whole number"),
        wrong(WEB + "idle-timeout=soon", WEB + "idle-timeout", "\"soon\"", "a duration"),
        wrong(WEB + "scheduler=fair", WEB + "scheduler", "\"fair\"", "rr, wrr, lc, wlc"),
        wrong(WEB + "forwarding=dr", WEB + "forwarding", "\"dr\"", "nat, direct-routing, tunnel"),
        wrong(WEB + "one-packet=perhaps", WEB + "one-packet", "\"perhaps\"", "true or false"),
        wrong(WEB + "address=127.0.0.1", WEB + "address", "\"127.0.0.1\"", "192.168.0.200:80"),
        wrong(WEB + "health-check.size=big", WEB + "health-check.size", "\"big\"", "a size"),
        // Values out of range.
        wrong(WEB + "quorum=5", WEB + "quorum", "5", "at most 2, the sum of all weights"),
        wrong(WEB + "address=127.0.0.1:70000", WEB + "address", "70000", "1-65535"),
        wrong(WEB + "real-servers[1]=10.0.0.2:0", WEB + "real-servers[1].address", "0", "1-65535"),
        wrong(WEB + "connect-timeout=2h", WEB + "connect-timeout", "2h", "1h"),
        wrong(WEB + "health-check.every=1ms", WEB + "health-check.every", "1ms", "10ms"),
        wrong(
            WEB + "health-check.path=health", WEB + "health-check.path", "health", "begins with /"),
        wrong(WEB + "persistence.timeout=0s", WEB + "persistence.timeout", "0s", "1s"),
        wrong("lvs4j.proxy.event-loops=0", "lvs4j.proxy.event-loops", "0", "1-1024"),
        wrong(GATEWAY + "priority=300", GATEWAY + "priority", "300", "1-254"),
        wrong(
            GATEWAY + "advertisement-interval=500ms",
            GATEWAY + "advertisement-interval",
            "500ms",
            "VRRPv3"),
        wrong(
            GATEWAY + "virtual-addresses=10.0.0.300",
            GATEWAY + "virtual-addresses",
            "10.0.0.300",
            "address"),
        // Combinations.
        wrong(
            WEB + "forwarding=tunnel",
            WEB + "forwarding",
            "TUNNEL with the proxy data plane",
            "NAT or FULL_NAT"),
        wrong(
            WEB + "scheduler-flags=sh-port",
            WEB + "scheduler-flags",
            "[sh-port]",
            "none without a scheduler"),
        wrong(
            WEB + "scheduler-bean=mine",
            WEB + "scheduler-bean",
            "mine",
            "a bean of type io.lvs4j.api.Scheduler"),
        wrong(WEB + "while-master=nobody", WEB + "while-master", "nobody", "[gateway]"),
        wrong(
            "lvs4j.virtual-servers.second.address=127.0.0.1:18090",
            "lvs4j.virtual-servers.",
            "overlaps with virtual server 127.0.0.1:18090/tcp",
            "one virtual server"),
        wrong(
            "lvs4j.vrrp.groups.both.instances=gateway,inner", "lvs4j.vrrp.groups.both.instances",
            "inner", "one of [gateway]"),
        wrong(GATEWAY + "trackers[0].quorum=shop", GATEWAY + "trackers[0].quorum", "shop", "[web]"),
        wrong(
            GATEWAY + "authentication.password=longer than eight",
            GATEWAY + "authentication.password",
            "17 bytes",
            "1-8 bytes"),
        wrong("lvs4j.data-plane=fast", "lvs4j.data-plane", "fast", "proxy, auto"),
        wrong("lvs4j.drain=45s", "lvs4j.drain", "PT45S", "timeout-per-shutdown-phase"));
  }

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(DirectorAutoConfiguration.class))
          .withPropertyValues(
              WEB + "address=127.0.0.1:18090",
              WEB + "real-servers[0]=10.0.0.1:80",
              WEB + "real-servers[1]=10.0.0.2:80",
              GATEWAY + "interface=lo",
              GATEWAY + "virtual-router-id=51",
              GATEWAY + "virtual-addresses=10.0.0.200/24");

  @ParameterizedTest
  @MethodSource("wrongProperties")
  void eachIsReportedByItsNameWithWhatWouldBeRight(
      String line, String property, String value, String expected) {
    runner
        .withPropertyValues(line)
        .run(context -> {
          assertThat(context).hasFailed();
          var analysis = new PropertiesFailureAnalyzer().analyze(context.getStartupFailure());
          assertThat(analysis).isNotNull();
          assertThat(analysis.getDescription())
              .contains("A property of lvs4j is wrong")
              .contains("Property: " + property)
              .contains("Value: " + value)
              .contains(expected)
              .contains("Origin: ");
        });
  }

  @Configuration
  @ImportAutoConfiguration(DirectorAutoConfiguration.class)
  static class Application {}

  @Test
  void allAreReportedTogetherWithFileAndLine(@TempDir Path directory, CapturedOutput output)
      throws IOException {
    var file = directory.resolve("application.yaml");
    Files.writeString(
        file,
        """
        lvs4j:
          virtual-servers:
            web:
              address: 127.0.0.1:18090
              quorum: 7
              sheduler: rr
              idle-timeout: soon
              real-servers:
                - 10.0.0.1:80
                - address: 10.0.0.2:70000
                  weight: -1
          vrrp:
            instances:
              gateway:
                virtual-router-id: 512
                virtual-addresses: 10.0.0.200/24
        """);
    var application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    assertThat(catchThrowable(() -> application.run("--spring.config.location=file:" + file)))
        .isNotNull();
    assertThat(output.getAll())
        .contains("APPLICATION FAILED TO START")
        .contains("7 properties of lvs4j are wrong")
        .doesNotContain("\tat io.lvs4j");
    for (var each :
        List.of(
            "sheduler\n    Value: \"rr\"\n    Origin: URL [file:" + file + "] - 6:17",
            "idle-timeout\n    Value: \"soon\"\n    Origin: URL [file:" + file + "] - 7:21",
            "real-servers[1].weight\n    Value: -1\n    Origin: URL [file:" + file + "] - 11:19",
            "real-servers[1].address\n    Value: 70000\n    Origin: URL [file:"
                + file
                + "] - 10:20",
            "gateway.interface\n    Value: none\n    Origin: URL [file:" + file + "] - 15:28",
            "gateway.virtual-router-id\n    Value: 512\n    Origin: URL [file:" + file)) {
      assertThat(output.getAll()).contains(each);
    }
  }
}
