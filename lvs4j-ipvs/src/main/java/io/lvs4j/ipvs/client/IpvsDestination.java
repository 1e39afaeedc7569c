package io.lvs4j.ipvs.client;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A real server of a service as the kernel keeps it.
 *
 * @param key what tells it from others
 * @param forwarding how packets get there
 * @param weight 0 (quiesced: no new connections) to 2147483647
 * @param upperThreshold at how many connections it gets no more, 0 (never) to 4294967295; kernels
 *     of late 2026 refuse more than 2147483647
 * @param lowerThreshold below how many it gets connections again, 0 (three quarters of the upper
 *     one) to {@code upperThreshold}
 */
public record IpvsDestination(
    DestinationKey key,
    IpvsForwarding forwarding,
    int weight,
    long upperThreshold,
    long lowerThreshold) {

  /** Checks the ranges. */
  public IpvsDestination {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(forwarding, "forwarding");
    Numbers.check("upper threshold", upperThreshold, 0, Numbers.UNSIGNED);
    Numbers.check("lower threshold", lowerThreshold, 0, Numbers.UNSIGNED);
  }

  /** Returns a real server of weight 1 without thresholds. */
  public static IpvsDestination of(InetAddress address, int port, IpvsForwarding forwarding) {
    return new IpvsDestination(new DestinationKey(address, port), forwarding, 1, 0, 0);
  }

  /** Returns the same with another weight. */
  public IpvsDestination withWeight(int weight) {
    return new IpvsDestination(key, forwarding, weight, upperThreshold, lowerThreshold);
  }

  /** Returns the same with thresholds. */
  public IpvsDestination withThresholds(long upper, long lower) {
    return new IpvsDestination(key, forwarding, weight, upper, lower);
  }
}
