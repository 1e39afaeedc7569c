package io.lvs4j.api;

/** A transport protocol that can be balanced. */
public enum Protocol {
  /** Transmission Control Protocol, RFC 9293. */
  TCP,
  /** User Datagram Protocol, RFC 768. */
  UDP
}
