/**
 * The data plane that the kernel is: what should be is compared with the kernel's table, and the
 * least that makes them equal is done, on a thread of the plane's own.
 */
@NullMarked
package io.lvs4j.ipvs.plane;

import org.jspecify.annotations.NullMarked;
