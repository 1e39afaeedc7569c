/**
 * What drives the state machine on a real host: {@link io.lvs4j.vrrp.router.VrrpRouter}, with one
 * thread for all instances that does nothing but VRRP.
 */
@NullMarked
package io.lvs4j.vrrp.router;

import org.jspecify.annotations.NullMarked;
