package io.lvs4j.vrrp.wire;

import java.net.InetAddress;

/** A message of VRRP's protocol as a host received it: where from, where to, with what TTL. */
public final class Datagram {
  private final InetAddress source;
  private final InetAddress destination;
  private final int timeToLive;
  private final byte[] payload;

  private Datagram(InetAddress source, InetAddress destination, int timeToLive, byte[] payload) {
    this.source = source;
    this.destination = destination;
    this.timeToLive = timeToLive;
    this.payload = payload;
  }

  /**
   * Returns a datagram.
   *
   * @param source where it comes from
   * @param destination where it goes
   * @param timeToLive the TTL or hop limit with which it arrived
   * @param payload what follows the IP header; copied
   */
  public static Datagram of(
      InetAddress source, InetAddress destination, int timeToLive, byte[] payload) {
    return new Datagram(source, destination, timeToLive, payload.clone());
  }

  /** Returns where it comes from. */
  public InetAddress source() {
    return source;
  }

  /** Returns where it goes. */
  public InetAddress destination() {
    return destination;
  }

  /** Returns the TTL or hop limit with which it arrived. */
  public int timeToLive() {
    return timeToLive;
  }

  /** Returns the length of the payload in bytes. */
  public int length() {
    return payload.length;
  }

  /** Returns the payload itself, for this package's decoders. */
  byte[] payload() {
    return payload;
  }
}
