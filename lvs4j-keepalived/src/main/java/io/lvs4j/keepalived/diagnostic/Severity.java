package io.lvs4j.keepalived.diagnostic;

/** How much a diagnostic matters. */
public enum Severity {
  /** The line is understood and has, on purpose, no effect here. */
  NOTE,
  /**
   * Something is taken in another way than it is written, as keepalived does, or is worth a look.
   */
  WARNING,
  /** A line or a word that means nothing to keepalived either is left out, as keepalived does. */
  LEFT_OUT,
  /** Something that was asked for is left out: a word, a line or a block. */
  ERROR;

  /** Returns what messages call it. */
  public String word() {
    return switch (this) {
      case NOTE -> "note";
      case WARNING, LEFT_OUT -> "warning";
      case ERROR -> "error";
    };
  }
}
