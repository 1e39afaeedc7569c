/**
 * The messages of the generic netlink family IPVS, version 1 (include/uapi/linux/ip_vs.h), as pure
 * values: {@link io.lvs4j.ipvs.wire.IpvsMessage} and the attributes that it holds. Attributes are
 * encoded in the order of the kernel's own tools; unknown ones are skipped when decoding, and bytes
 * that make no sense become a reason, never an exception.
 */
@NullMarked
package io.lvs4j.ipvs.wire;

import org.jspecify.annotations.NullMarked;
