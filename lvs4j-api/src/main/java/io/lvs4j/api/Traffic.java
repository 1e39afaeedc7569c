package io.lvs4j.api;

/**
 * What has passed since the start.
 *
 * @param connections connections (or UDP sessions, or single datagrams) scheduled
 * @param inPackets datagrams from clients; a plane that relays TCP streams sees no packets and
 *     leaves them 0
 * @param outPackets datagrams to clients
 * @param inBytes payload bytes from clients
 * @param outBytes payload bytes to clients
 */
public record Traffic(
    long connections, long inPackets, long outPackets, long inBytes, long outBytes) {
  /** Nothing has passed. */
  public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);

  /** Returns the difference of both. */
  public Traffic minus(Traffic other) {
    return new Traffic(
        connections - other.connections,
        inPackets - other.inPackets,
        outPackets - other.outPackets,
        inBytes - other.inBytes,
        outBytes - other.outBytes);
  }

  /** Returns the sum of both. */
  public Traffic plus(Traffic other) {
    return new Traffic(
        connections + other.connections,
        inPackets + other.inPackets,
        outPackets + other.outPackets,
        inBytes + other.inBytes,
        outBytes + other.outBytes);
  }
}
