package io.lvs4j.vrrp.router;

import io.lvs4j.api.Problem;
import io.lvs4j.api.host.HostNetworkProvider;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds who opens the network of this host. */
final class Providers {
  private Providers() {}

  static Optional<HostNetworkProvider> find() {
    return ServiceLoader.load(HostNetworkProvider.class, HostNetworkProvider.class.getClassLoader())
        .findFirst()
        .or(() -> ServiceLoader.load(HostNetworkProvider.class).findFirst());
  }

  static Problem missing() {
    return new Problem(
        "host network",
        "none",
        "the dependency io.lvs4j:lvs4j-linux, or a HostNetworkProvider given to the builder");
  }
}
