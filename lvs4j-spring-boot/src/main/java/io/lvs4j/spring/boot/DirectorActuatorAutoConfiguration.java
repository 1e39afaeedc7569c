package io.lvs4j.spring.boot;

import io.lvs4j.api.vrrp.VrrpSnapshot;
import io.lvs4j.core.Director;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Spring Boot Actuator shows of a director: an endpoint, its health, and a line of info. */
@AutoConfiguration(after = DirectorAutoConfiguration.class)
@ConditionalOnBean(LvsConfiguration.class)
public final class DirectorActuatorAutoConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
  static class EndpointConfiguration {
    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnMissingBean
    DirectorEndpoint lvs4jEndpoint(
        Director director, LvsConfiguration configuration, StepDowns stepDowns) {
      return new DirectorEndpoint(director, configuration, stepDowns);
    }

    @Bean
    @ConditionalOnEnabledInfoContributor("lvs4j")
    InfoContributor lvs4jInfoContributor(Director director, LvsConfiguration configuration) {
      return info ->
          info.withDetail(
              "lvs4j",
              Map.of(
                  "virtualServers",
                  configuration.virtualServers().size(),
                  "vrrp",
                  director.vrrp().stream()
                      .collect(
                          Collectors.toMap(
                              VrrpSnapshot::name, each -> DirectorEndpoint.state(each.state())))));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
  static class HealthConfiguration {
    @Bean
    @ConditionalOnEnabledHealthIndicator("lvs4j")
    @ConditionalOnMissingBean(name = "lvs4jHealthIndicator")
    HealthIndicator lvs4jHealthIndicator(Director director) {
      return new DirectorHealthIndicator(director);
    }
  }
}
