package io.lvs4j.api;

/**
 * Why a real server of a virtual server gets no new connections any more, of one kind or another.
 */
public enum ServerLoss {
  /** A health check or an agent found it down. */
  DOWN,
  /** It failed connections, and passive health ejected it. */
  EJECTED,
  /** It was removed, by the API or by a new configuration that doesn't list it; not by a drain. */
  REMOVED
}
