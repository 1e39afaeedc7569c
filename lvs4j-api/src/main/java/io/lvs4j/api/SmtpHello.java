package io.lvs4j.api;

import java.util.List;
import java.util.Objects;

/**
 * keepalived's SMTP_CHECK: the real server is well when it greets with 220, answers {@code HELO}
 * with 250 and {@code QUIT} with anything. Replies of several lines are taken as one, which
 * keepalived takes for a failure.
 *
 * @param heloName the name that is said after {@code HELO}
 */
public record SmtpHello(String heloName) implements Probe {
  public SmtpHello {
    Objects.requireNonNull(heloName, "heloName");
  }

  /** Returns a probe that calls itself {@code lvs4j.invalid}, a name that nobody can have. */
  public static SmtpHello of() {
    return new SmtpHello("lvs4j.invalid");
  }

  @Override
  public String name() {
    return "SMTP_CHECK";
  }

  @Override
  public List<Problem> problems() {
    return heloName.matches("[!-~]{1,255}")
        ? List.of()
        : List.of(new Problem("helo name", "\"" + heloName + "\"", "a host name"));
  }

  @Override
  public String toString() {
    return name();
  }
}
