/**
 * The packets: VRRPv2 and VRRPv3, signatures, IP headers, gratuitous ARP and neighbour
 * advertisements. Every decoder returns what it read or why it could not; none throws.
 */
@NullMarked
package io.lvs4j.vrrp.wire;

import org.jspecify.annotations.NullMarked;
