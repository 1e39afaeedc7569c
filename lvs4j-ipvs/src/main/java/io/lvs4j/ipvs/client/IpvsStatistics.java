package io.lvs4j.ipvs.client;

import io.lvs4j.api.Rates;
import io.lvs4j.api.Traffic;
import java.util.Objects;

/**
 * What has passed a service or real server, in 64 bits. The kernel works it out every 2 s, so it is
 * up to 2 s old; it starts from 0 when zeroed.
 *
 * @param traffic all that has passed; bytes are those of IP packets
 * @param rates what passes each second
 */
public record IpvsStatistics(Traffic traffic, Rates rates) {
  /** Nothing has passed. */
  public static final IpvsStatistics NONE = new IpvsStatistics(Traffic.NONE, Rates.NONE);

  public IpvsStatistics {
    Objects.requireNonNull(traffic, "traffic");
    Objects.requireNonNull(rates, "rates");
  }
}
