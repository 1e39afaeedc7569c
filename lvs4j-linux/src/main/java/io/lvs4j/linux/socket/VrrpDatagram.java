package io.lvs4j.linux.socket;

import java.net.InetAddress;
import java.util.OptionalLong;

/**
 * A packet of protocol 112 as it arrived.
 *
 * @param source the sender
 * @param destination whom it was sent to
 * @param hopLimit its TTL or hop limit
 * @param message what followed the IP header; not to be changed
 * @param arrivedNanos when, on the clock of {@link System#nanoTime()}; empty when that isn't known
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
public record VrrpDatagram(
    InetAddress source,
    InetAddress destination,
    int hopLimit,
    byte[] message,
    OptionalLong arrivedNanos) {}
