package io.lvs4j.spring.boot;

import io.lvs4j.core.Director;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * A {@link Director} from {@code lvs4j.*} properties, a keepalived.conf and beans, which starts and
 * stops with the application.
 */
@AutoConfiguration
@ConditionalOnClass(Director.class)
@ConditionalOnBooleanProperty(name = "lvs4j.enabled", matchIfMissing = true)
public final class DirectorAutoConfiguration {
  @Bean
  static Readiness lvs4jReadiness() {
    return new Readiness();
  }

  @Bean
  static Readiness.Closing lvs4jReadinessClosing(Readiness readiness, ApplicationContext context) {
    return new Readiness.Closing(readiness, context);
  }

  @Bean
  StepDowns lvs4jStepDowns() {
    return new StepDowns();
  }

  @Bean
  LvsConfiguration lvs4jConfiguration(
      ConfigurableApplicationContext context, Readiness readiness, StepDowns stepDowns) {
    return ConfigurationReader.read(context, readiness, stepDowns);
  }

  @Bean
  @ConditionalOnMissingBean
  Director director(ConfigurableApplicationContext context, LvsConfiguration configuration) {
    return new DirectorFactory(context, configuration).build();
  }

  @Bean
  DirectorLifecycle lvs4jLifecycle(Director director, LvsConfiguration configuration) {
    configuration.problems().throwIfAny();
    return new DirectorLifecycle(director);
  }
}
