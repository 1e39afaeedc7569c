package io.lvs4j.api.host;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends ICMP echo requests and hears the replies. Safe for use by several threads. */
public interface EchoChannel extends AutoCloseable {
  /**
   * Sends a request; does not block.
   *
   * @return completes on a thread of the channel's own when the reply comes, with the time that it
   *     took; never without one, so that whoever waits gives up by cancelling it. Fails with a
   *     {@link java.net.NoRouteToHostException} when the host is out of reach, and with a {@link
   *     HostNetworkException} when it is this host that can't send
   */
  CompletableFuture<Duration> echo(EchoRequest request);

  /** Cancels all that is waited for, closes the sockets and waits until the thread has ended. */
  @Override
  void close();
}
