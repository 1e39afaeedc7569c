package io.lvs4j.api;

/**
 * What passes each second, smoothed as the kernel's estimator does (ip_vs_est.c: every 2 s a
 * quarter of the way to the newest figure).
 *
 * @param connections new connections per second
 * @param inPackets datagrams from clients per second
 * @param outPackets datagrams to clients per second
 * @param inBytes bytes from clients per second
 * @param outBytes bytes to clients per second
 */
public record Rates(
    double connections, double inPackets, double outPackets, double inBytes, double outBytes) {
  /** Nothing passes. */
  public static final Rates NONE = new Rates(0, 0, 0, 0, 0);
}
