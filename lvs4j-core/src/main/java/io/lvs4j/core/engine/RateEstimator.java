package io.lvs4j.core.engine;

import io.lvs4j.api.Rates;
import io.lvs4j.api.Traffic;
import java.time.Duration;

/** The kernel's estimator (ip_vs_est.c): every 2 s a quarter of the way to the newest rate. */
final class RateEstimator {
  static final Duration PERIOD = Duration.ofSeconds(2);

  private Traffic last;
  private Rates rates = Rates.NONE;

  RateEstimator(Traffic start) {
    this.last = start;
  }

  /** Takes the counters of now, one period after the last ones. */
  void sample(Traffic now) {
    rates =
        new Rates(
            step(rates.connections(), now.connections() - last.connections()),
            step(rates.inPackets(), now.inPackets() - last.inPackets()),
            step(rates.outPackets(), now.outPackets() - last.outPackets()),
            step(rates.inBytes(), now.inBytes() - last.inBytes()),
            step(rates.outBytes(), now.outBytes() - last.outBytes()));
    last = now;
  }

  Rates rates() {
    return rates;
  }

  private static double step(double average, long difference) {
    double newest = Math.max(0, difference) / (double) PERIOD.toSeconds();
    return average + (newest - average) / 4;
  }
}
