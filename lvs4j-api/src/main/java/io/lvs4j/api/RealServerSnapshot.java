package io.lvs4j.api;

import java.time.Instant;

/**
 * A real server at one moment.
 *
 * @param endpoint address and port
 * @param forwarding how it is reached
 * @param weight the configured weight
 * @param effectiveWeight the weight in force: 0 while down, ejected, draining or quiesced
 * @param up whether it is taken for well: all checks have passed, or none has been made yet
 * @param health what its checks know of it
 * @param since when its health became what it is; of one that is unchecked, when it was added
 * @param ejected whether it failed so many connections that it gets no new ones for a while
 * @param draining whether it gets no new connections and leaves when the last has ended
 * @param detail what the last check found, or why it found nothing; empty when there was none
 * @param upperThreshold connections at which it gets no more; 0 if none
 * @param lowerThreshold connections below which it gets some again; 0 by default
 * @param active established connections
 * @param inactive half-closed connections, UDP sessions, and connections that have ended not longer
 *     ago than the kernel keeps them: 2 minutes, or 10 seconds after a reset
 * @param persistent clients that are kept on this server
 * @param connectFailures connects to it that failed
 * @param traffic what has passed
 * @param rates what passes each second
 */
public record RealServerSnapshot(
    Endpoint endpoint,
    ForwardingMethod forwarding,
    int weight,
    int effectiveWeight,
    boolean up,
    Health health,
    Instant since,
    boolean ejected,
    boolean draining,
    String detail,
    int upperThreshold,
    int lowerThreshold,
    int active,
    int inactive,
    int persistent,
    long connectFailures,
    Traffic traffic,
    Rates rates) {}
