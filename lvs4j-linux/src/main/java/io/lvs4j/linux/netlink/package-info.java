/**
 * Netlink: the codec of its messages; rtnetlink's objects (links, addresses, routes, neighbours)
 * and the client that asks the kernel for them; the client of generic netlink's families.
 */
@NullMarked
package io.lvs4j.linux.netlink;

import org.jspecify.annotations.NullMarked;
