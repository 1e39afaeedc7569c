package io.lvs4j.api.host;

/**
 * Opens the network of this host for a VRRP router.
 *
 * <p>A provider that is named in {@code META-INF/services} is found by {@link
 * java.util.ServiceLoader} when a router isn't given one. lvs4j-linux has one for Linux.
 */
@FunctionalInterface
public interface HostNetworkProvider {
  /**
   * Opens the network of this host, or of the network namespace that the calling thread is in. A
   * router calls it once at each start, on the thread that will use the network.
   *
   * @throws HostNetworkException when the host refuses, with what would help
   */
  HostNetwork open() throws HostNetworkException;
}
