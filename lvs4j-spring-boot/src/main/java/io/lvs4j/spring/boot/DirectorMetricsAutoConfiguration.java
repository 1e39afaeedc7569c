package io.lvs4j.spring.boot;

import io.lvs4j.core.Director;
import io.lvs4j.core.metrics.DirectorMetrics;
import io.lvs4j.core.metrics.VrrpMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The meters of a director; Boot binds them to each registry once. */
@AutoConfiguration(after = DirectorAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(Director.class)
public final class DirectorMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  DirectorMetrics lvs4jDirectorMetrics(Director director) {
    return new DirectorMetrics(director);
  }

  @Bean
  @ConditionalOnMissingBean
  VrrpMetrics lvs4jVrrpMetrics(Director director) {
    return new VrrpMetrics(director::vrrp);
  }
}
