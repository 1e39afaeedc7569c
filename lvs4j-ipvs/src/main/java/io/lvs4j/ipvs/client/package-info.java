/**
 * The client of the kernel's IPVS: {@link io.lvs4j.ipvs.client.IpvsClient} lists and changes the
 * virtual services, real servers and sync daemons of a network namespace, and {@link
 * io.lvs4j.ipvs.client.IpvsConnections} reads its connections.
 */
@NullMarked
package io.lvs4j.ipvs.client;

import org.jspecify.annotations.NullMarked;
