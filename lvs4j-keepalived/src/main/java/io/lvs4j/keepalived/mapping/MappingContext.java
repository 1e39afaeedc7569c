package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.model.SchedulerSource;

/**
 * What all readers of blocks have in common.
 *
 * @param diagnostics where they say what they have to say
 * @param values how they read values
 * @param commands how they read commands
 * @param schedulers where schedulers come from
 * @param declared what checkers refer to
 */
record MappingContext(
    Diagnostics diagnostics,
    Values values,
    Commands commands,
    SchedulerSource schedulers,
    Declared declared) {
  /** Returns the same with nothing told, for what has been told once. */
  MappingContext quiet() {
    var silence = new Diagnostics();
    return new MappingContext(
        silence, new Values(silence), commands.to(silence), schedulers, declared);
  }

  static MappingContext of(
      Diagnostics diagnostics, SchedulerSource schedulers, Commands.ScriptRules rules) {
    return new MappingContext(
        diagnostics,
        new Values(diagnostics),
        new Commands(diagnostics, rules),
        schedulers,
        new Declared());
  }
}
