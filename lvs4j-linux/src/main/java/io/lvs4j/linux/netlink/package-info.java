/**
 * Netlink: the codec of its messages, rtnetlink's objects (links, addresses, routes, neighbours),
 * and the client that asks the kernel for them.
 */
@NullMarked
package io.lvs4j.linux.netlink;

import org.jspecify.annotations.NullMarked;
