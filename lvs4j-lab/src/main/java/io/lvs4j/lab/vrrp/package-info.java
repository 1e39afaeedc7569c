/**
 * Two VRRP routers and a client on one link, each router lvs4j or a program it is compared with.
 */
@NullMarked
package io.lvs4j.lab.vrrp;

import org.jspecify.annotations.NullMarked;
