package io.lvs4j.api;

import java.time.Duration;

/**
 * A connection or UDP session at one moment.
 *
 * @param virtualServer the virtual server that it came through
 * @param protocol the transport protocol
 * @param client address and port of the client
 * @param virtual the address and port that the client connected to
 * @param realServer the server that has it
 * @param state where it is in its life
 * @param expiresIn time until it is closed if nothing more passes
 * @param inBytes payload bytes from the client; 0 in a data plane that doesn't count them for each
 *     connection
 * @param outBytes payload bytes to the client, likewise
 */
public record ConnectionSnapshot(
    VirtualServerId virtualServer,
    Protocol protocol,
    Endpoint client,
    Endpoint virtual,
    Endpoint realServer,
    State state,
    Duration expiresIn,
    long inBytes,
    long outBytes) {

  /** Where a connection is in its life. The kernel knows all of these, a relay a few. */
  public enum State {
    /** Nothing is known yet, or the protocol has no states. */
    NONE,
    /** Both sides may send. */
    ESTABLISHED,
    /** The real server has not answered the connect yet. */
    SYN_SENT,
    /** The client's first packet was passed on. */
    SYN_RECV,
    /** The real server has sent its last byte. */
    FIN_WAIT,
    /** Both sides have ended. */
    TIME_WAIT,
    /** It was reset, or an answer was missed. */
    CLOSE,
    /** The client has sent its last byte. */
    CLOSE_WAIT,
    /** The real server's end is still to be acknowledged. */
    LAST_ACK,
    /** The real server has sent a first packet only. */
    LISTEN,
    /** The answer to a first packet was sent, under the kernel's defence against floods. */
    SYNACK,
    /** A UDP session. */
    UDP
  }
}
