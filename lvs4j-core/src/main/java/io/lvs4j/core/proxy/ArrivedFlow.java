package io.lvs4j.core.proxy;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Protocol;
import java.net.InetAddress;
import java.util.random.RandomGenerator;

/** A connection or datagram as it arrived, for the scheduler to look at. */
record ArrivedFlow(
    Protocol protocol,
    InetAddress clientAddress,
    int clientPort,
    InetAddress virtualAddress,
    int virtualPort,
    long arrivedAt,
    RandomGenerator random)
    implements Flow {

  @Override
  public long random(long bound) {
    return random.nextLong(bound);
  }
}
