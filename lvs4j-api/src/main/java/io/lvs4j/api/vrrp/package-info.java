/**
 * What a VRRP router is told and what it tells: instances, virtual addresses, trackers, sync groups
 * and events.
 *
 * <p>Immutable values and listeners; nothing here opens a socket or reads a clock. MASTER, BACKUP
 * and FAULT are keepalived's words for what RFC 9568 calls active, backup and (not at all).
 */
@NullMarked
package io.lvs4j.api.vrrp;

import org.jspecify.annotations.NullMarked;
