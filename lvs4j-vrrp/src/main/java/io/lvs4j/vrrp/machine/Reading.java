package io.lvs4j.vrrp.machine;

/** What a tracker said last. */
public sealed interface Reading {
  /** It has not said anything yet. */
  record Unknown() implements Reading {}

  /** All is well. */
  record Good() implements Reading {}

  /**
   * Something is not.
   *
   * @param reason what, in words
   */
  record Bad(String reason) implements Reading {}

  /**
   * A number, of a file or from Java.
   *
   * @param value before it is multiplied by the weight
   */
  record Value(int value) implements Reading {}
}
