package io.lvs4j.api;

import java.time.Duration;

/**
 * A connection or UDP session at one moment.
 *
 * @param virtualServer what the client connected to
 * @param client address and port of the client
 * @param realServer the server that has it
 * @param state where it is in its life
 * @param expiresIn time until it is closed if nothing more passes
 * @param inBytes payload bytes from the client
 * @param outBytes payload bytes to the client
 */
public record ConnectionSnapshot(
    VirtualServerId virtualServer,
    Endpoint client,
    Endpoint realServer,
    State state,
    Duration expiresIn,
    long inBytes,
    long outBytes) {

  /** Where a connection is in its life. */
  public enum State {
    /** The real server has not answered the connect yet. */
    SYN_SENT,
    /** Both sides may send. */
    ESTABLISHED,
    /** The client has sent its last byte. */
    CLOSE_WAIT,
    /** The real server has sent its last byte. */
    FIN_WAIT,
    /** A UDP session. */
    UDP
  }
}
