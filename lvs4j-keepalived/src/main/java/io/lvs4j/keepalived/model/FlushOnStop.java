package io.lvs4j.keepalived.model;

/** What is removed from the kernel's table when the director stops: {@code lvs_flush_on_stop}. */
public enum FlushOnStop {
  /** What the director made, one by one. */
  OWN,
  /** The virtual servers that the director made, each with all its real servers. */
  VIRTUAL_SERVERS,
  /** Everything, whoever made it. */
  EVERYTHING
}
