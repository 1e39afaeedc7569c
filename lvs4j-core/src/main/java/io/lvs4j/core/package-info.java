/** The director: an application's own load balancer. */
@NullMarked
package io.lvs4j.core;

import org.jspecify.annotations.NullMarked;
