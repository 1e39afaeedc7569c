package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.verdict.Outcome;
import java.util.function.Consumer;

/**
 * What an attempt is to do.
 *
 * @param loop the loop on whose thread it lives
 * @param check the settings
 * @param at where to go
 * @param done is called on the loop's thread, once, unless the attempt is cancelled before
 */
record Assignment(ProbeLoop loop, HealthCheck check, Endpoint at, Consumer<Outcome> done) {}
