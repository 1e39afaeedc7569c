/** A director's figures for Micrometer, which has to be on the class path only for this package. */
@NullMarked
package io.lvs4j.core.metrics;

import org.jspecify.annotations.NullMarked;
