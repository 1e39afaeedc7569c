package io.lvs4j.keepalived.diagnostic;

/** How much a diagnostic matters. */
public enum Severity {
  /** The line is understood and has, on purpose, no effect here. */
  NOTE,
  /** The line, or a word of it, is left out; all others mean what they say. */
  WARNING,
  /** Something that was asked for by name is left out as a whole. */
  ERROR
}
