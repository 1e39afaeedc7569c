package io.lvs4j.benchmarks.failover;

import java.time.Duration;

/**
 * What a router used while it was nothing but master or backup of many instances.
 *
 * @param cpu CPU time in a minute
 * @param residentBytes memory at the end
 */
record Weight(Duration cpu, long residentBytes) {}
