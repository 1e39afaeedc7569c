package io.lvs4j.ipvs.client;

import java.util.Optional;

/** Makes refusals for tests that have no kernel. */
public final class ScriptedRefusal {
  private ScriptedRefusal() {}

  /** Returns a refusal of a kind. */
  public static IpvsException of(IpvsException.Kind kind, String operation, String subject) {
    return new IpvsException(
        kind, operation, subject, Optional.empty(), "scripted", new IllegalStateException());
  }
}
