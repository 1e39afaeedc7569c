/** A gateway before three HTTP backends that shows, and checks, what a director does. */
@NullMarked
package io.lvs4j.examples.gateway;

import org.jspecify.annotations.NullMarked;
