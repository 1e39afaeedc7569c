package io.lvs4j.core.balance;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Protocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/**
 * A connection as a data plane sees it arrive.
 *
 * @param protocol the transport protocol
 * @param client where it comes from, resolved
 * @param virtual where it goes to, resolved
 * @param arrivedAt the moment in nanoseconds, on one clock for all flows of a virtual server
 * @param lots where random numbers are drawn from
 */
public record ConnectionFlow(
    Protocol protocol,
    InetSocketAddress client,
    InetSocketAddress virtual,
    long arrivedAt,
    RandomGenerator lots)
    implements Flow {

  @Override
  public InetAddress clientAddress() {
    return client.getAddress();
  }

  @Override
  public int clientPort() {
    return client.getPort();
  }

  @Override
  public InetAddress virtualAddress() {
    return virtual.getAddress();
  }

  @Override
  public int virtualPort() {
    return virtual.getPort();
  }

  @Override
  public int clientAddressBits() {
    return bits(clientAddress());
  }

  @Override
  public int virtualAddressBits() {
    return bits(virtualAddress());
  }

  /** As {@link Flow#bits}, in a form of which the compiler removes the array. */
  private static int bits(InetAddress address) {
    if (address instanceof Inet4Address v4) {
      byte[] bytes = v4.getAddress();
      return bytes[0] << 24 | (bytes[1] & 255) << 16 | (bytes[2] & 255) << 8 | (bytes[3] & 255);
    }
    return Flow.bits(address);
  }

  @Override
  public long random(long bound) {
    return lots.nextLong(bound);
  }
}
