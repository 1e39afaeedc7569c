/**
 * The sockets of a VRRP router: protocol 112 over IPv4 and IPv6, and packet sockets that tell a
 * link where an address is.
 */
@NullMarked
package io.lvs4j.linux.socket;

import org.jspecify.annotations.NullMarked;
