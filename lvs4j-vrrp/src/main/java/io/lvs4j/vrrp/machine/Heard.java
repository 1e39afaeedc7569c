package io.lvs4j.vrrp.machine;

import io.lvs4j.api.vrrp.Priority;
import java.net.InetAddress;
import java.time.Duration;

/**
 * What counts of an advert that was received and believed.
 *
 * @param sender its source address
 * @param priority the sender's claim
 * @param interval the time between two of the sender's adverts
 */
public record Heard(InetAddress sender, Priority priority, Duration interval) {}
