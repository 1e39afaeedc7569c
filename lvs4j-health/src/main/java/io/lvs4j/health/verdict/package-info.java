/**
 * What the results of probes mean for a real server: keepalived's rules as functions of a
 * configuration, a state, a result and a moment. Nothing here has a clock, a thread or a socket.
 */
@NullMarked
package io.lvs4j.health.verdict;

import org.jspecify.annotations.NullMarked;
