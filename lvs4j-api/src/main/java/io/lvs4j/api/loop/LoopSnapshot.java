package io.lvs4j.api.loop;

import java.time.Duration;

/**
 * A thread that serves as long as its director does: an event loop, the engine, the health checks,
 * VRRP.
 *
 * @param name the name of its thread
 * @param alive false once it has ended while its director was still to run
 * @param behind for how long it has not got around to its work; zero when it keeps up
 * @param faults how many throwables it has survived: each has failed what it came from, a
 *     connection, a check or a call of a listener, and nothing else
 * @param lastFault the last of them and where it came from; empty before the first
 */
public record LoopSnapshot(
    String name, boolean alive, Duration behind, long faults, String lastFault) {}
