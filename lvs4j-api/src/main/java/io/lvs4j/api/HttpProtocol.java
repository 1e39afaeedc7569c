package io.lvs4j.api;

/** How an {@link HttpGet} asks; the constants are keepalived's {@code http_protocol}. */
public enum HttpProtocol {
  /** {@code 1.0}: HTTP/1.0, and nothing is said of the connection. */
  HTTP_1_0,
  /** {@code 1.0C}: HTTP/1.0 with {@code Connection: close}. */
  HTTP_1_0_CLOSE,
  /** {@code 1.0K}: HTTP/1.0 with {@code Connection: keep-alive}, for servers that insist on it. */
  HTTP_1_0_KEEP_ALIVE,
  /** {@code 1.1}: HTTP/1.1 with {@code Connection: close}. */
  HTTP_1_1
}
