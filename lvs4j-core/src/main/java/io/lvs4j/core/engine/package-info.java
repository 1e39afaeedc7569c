/**
 * The single writer: one thread that owns what should be, compares it with what is, and tells the
 * data plane the least that makes them equal. The decisions are in pure classes; time comes in.
 */
@NullMarked
package io.lvs4j.core.engine;

import org.jspecify.annotations.NullMarked;
