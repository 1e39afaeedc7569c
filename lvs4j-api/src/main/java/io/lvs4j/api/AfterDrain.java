package io.lvs4j.api;

/** What becomes of a real server once its last connection has ended. */
public enum AfterDrain {
  /** It leaves the virtual server. */
  REMOVE,
  /** It stays without connections, for maintenance, until it is resumed. */
  KEEP
}
