package io.lvs4j.examples.spring;

import io.lvs4j.api.vrrp.VrrpEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.event.EventListener;

/**
 * A Spring Cloud Gateway. Several of them share a virtual address: the one that holds it spreads
 * the connections over all, itself too; what they do with requests is in application.yaml.
 */
@SpringBootApplication
public class GatewayApplication {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayApplication.class);

  /** Starts a gateway. */
  public static void main(String[] arguments) {
    SpringApplication.run(GatewayApplication.class, arguments);
  }

  @EventListener
  void holding(VrrpEvent.Master event) {
    LOG.info("{} is held here: {}", event.name(), event.reason());
  }
}
