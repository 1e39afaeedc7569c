package io.lvs4j.api;

/** What a real server learns of the client when the director connects on the client's behalf. */
public enum ClientAddress {
  /** The real server sees the director's address. */
  HIDDEN,
  /** A PROXY protocol version 1 line precedes the client's bytes. TCP only. */
  PROXY_PROTOCOL_V1,
  /** A PROXY protocol version 2 header precedes the client's bytes. TCP only. */
  PROXY_PROTOCOL_V2,
  /**
   * The director connects from the client's own address (IP_TRANSPARENT). It needs CAP_NET_ADMIN,
   * the native epoll transport, and replies of the real server that are routed through the
   * director.
   */
  TRANSPARENT
}
