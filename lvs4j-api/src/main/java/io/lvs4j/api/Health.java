package io.lvs4j.api;

/** What its checks know of a real server. */
public enum Health {
  /** All of its checks have passed. */
  UP,
  /** At least one of its checks has failed for good. */
  DOWN,
  /** It has no check, or not all of them have come to a result yet: its state is an assumption. */
  UNCHECKED
}
