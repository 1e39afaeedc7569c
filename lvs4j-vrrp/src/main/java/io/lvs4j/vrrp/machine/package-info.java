/**
 * How a router behaves: a function from a state, an event and the time to the next state and what
 * is to be done. No sockets, no clock, no threads.
 *
 * <p>Times are {@link io.lvs4j.vrrp.machine.Moment}s and lengths {@link java.time.Duration}s. A
 * deadline is a field of a state; whoever drives the function waits for the earliest.
 */
@NullMarked
package io.lvs4j.vrrp.machine;

import org.jspecify.annotations.NullMarked;
