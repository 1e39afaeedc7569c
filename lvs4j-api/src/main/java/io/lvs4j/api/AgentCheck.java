package io.lvs4j.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * HAProxy's agent-check: the real server says by itself how it is, in a line of text over TCP. It
 * can lower its own weight, ask for no more connections, or take itself out, so that agents which
 * were written for HAProxy can be used as they are.
 *
 * <p>The line consists of words, in any case, with spaces, tabs or commas between them:
 *
 * <ul>
 *   <li>{@code 75%}: the weight, as a share of the configured one, 0 to 25600; rounded up, so that
 *       only {@code 0%} is no weight at all (give real servers weights like 100);
 *   <li>{@code drain}: no new connections; {@code maint}: out of the pool; {@code ready}: the end
 *       of both;
 *   <li>{@code down}, {@code fail}, {@code stopped}: out of the pool; {@code up}: the end of that.
 *       What follows a {@code #} is a remark and ends up in the reason;
 *   <li>{@code maxconn:30} is understood and has no effect.
 * </ul>
 *
 * What a line doesn't mention stays as the agent said it last: {@code maint} takes a {@code ready},
 * an {@code up} doesn't end it. An agent that can't be reached, or whose line has no word that is
 * known, changes nothing: give the service itself a check of its own beside the agent.
 *
 * @param send what to send once connected, if the agent wants to be asked; without a line end
 *     unless it has one
 */
public record AgentCheck(Optional<String> send) implements Probe {
  public AgentCheck {
    Objects.requireNonNull(send, "send");
  }

  /** Returns the check of an agent that speaks unasked. */
  public static AgentCheck of() {
    return new AgentCheck(Optional.empty());
  }

  /** Returns the same sending this first ({@code agent-send}), at most 1024 characters of ASCII. */
  public AgentCheck send(String text) {
    return new AgentCheck(Optional.of(text));
  }

  @Override
  public String name() {
    return "agent-check";
  }

  @Override
  public List<Problem> problems() {
    return send.filter(text -> !text.matches("\\p{ASCII}{1,1024}")).stream()
        .map(text -> new Problem("send", "\"" + text + "\"", "1-1024 characters of ASCII"))
        .toList();
  }

  @Override
  public String toString() {
    return name();
  }
}
