package io.lvs4j.api.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;

/**
 * The live figures of one destination.
 *
 * @param endpoint which destination
 * @param active established connections
 * @param inactive half-closed connections and UDP sessions
 * @param persistent clients that are kept on it
 * @param connectFailures connects to it that failed
 * @param traffic what has passed since it was first added
 */
public record DestinationCounters(
    Endpoint endpoint,
    int active,
    int inactive,
    int persistent,
    long connectFailures,
    Traffic traffic) {}
