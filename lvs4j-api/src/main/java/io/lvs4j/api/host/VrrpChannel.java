package io.lvs4j.api.host;

import java.net.InetAddress;

/**
 * Sockets of protocol 112 on one link; what they hear arrives through {@link HostNetwork#await}.
 */
public interface VrrpChannel extends AutoCloseable {
  /** Returns what it was opened with. */
  VrrpChannelSettings settings();

  /**
   * Sends a message to the group of the channel, or to one of its peers.
   *
   * @param message what follows the IP header, its checksum included
   * @param destination the group or a peer
   */
  void send(byte[] message, InetAddress destination) throws HostNetworkException;

  /** Closes the sockets. Calling it again does nothing. */
  @Override
  void close();
}
