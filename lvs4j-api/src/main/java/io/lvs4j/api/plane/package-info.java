/** The port between the engine, which decides what should be, and a data plane, which does it. */
@NullMarked
package io.lvs4j.api.plane;

import org.jspecify.annotations.NullMarked;
