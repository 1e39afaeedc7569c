package io.lvs4j.keepalived.keyword;

/** What becomes of a keyword. */
public enum Treatment {
  /** It does here what it does in keepalived. */
  MAPPED("mapped"),
  /** It changes nothing about addresses and connections; a mail that it asks for isn't sent. */
  IGNORED("ignored"),
  /** What it asks for isn't there yet. */
  NOT_YET("not yet"),
  /** What it asks for won't be there. */
  REFUSED("refused");

  private final String text;

  Treatment(String text) {
    this.text = text;
  }

  /** Returns the word that the compatibility page uses. */
  public String text() {
    return text;
  }
}
