package io.lvs4j.core.engine;

/** When enough servers live, with keepalived's hysteresis (check_data: quorum, hysteresis). */
final class Quorum {
  private Quorum() {}

  /** Says whether there is quorum at the start. */
  static boolean atStart(long liveWeight, int quorum, int hysteresis) {
    return liveWeight >= (long) quorum + hysteresis;
  }

  /** Says whether there is quorum now, given whether there was. */
  static boolean next(boolean up, long liveWeight, int quorum, int hysteresis) {
    if (up) {
      return liveWeight > 0 && liveWeight >= (long) quorum - hysteresis;
    }
    return atStart(liveWeight, quorum, hysteresis);
  }
}
