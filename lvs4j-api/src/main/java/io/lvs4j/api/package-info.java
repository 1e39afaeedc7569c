/**
 * The nouns of a load balancer and the ports through which its parts meet.
 *
 * <p>Everything here is an immutable value or an interface; nothing opens a socket, starts a thread
 * or reads a clock. MASTER, BACKUP and FAULT are keepalived's words (RFC 9568 says active and
 * backup); the rest of the vocabulary is that of the Linux Virtual Server.
 */
@NullMarked
package io.lvs4j.api;

import org.jspecify.annotations.NullMarked;
