package io.lvs4j.keepalived.text;

import io.lvs4j.api.Problem;
import java.util.List;
import java.util.Objects;

/**
 * A configuration as keepalived.conf.
 *
 * @param text the text
 * @param losses what keepalived has no words for, and the text therefore doesn't say
 */
public record PrintedConfiguration(String text, List<Problem> losses) {
  /** Copies the losses. */
  public PrintedConfiguration {
    Objects.requireNonNull(text, "text");
    losses = List.copyOf(losses);
  }
}
