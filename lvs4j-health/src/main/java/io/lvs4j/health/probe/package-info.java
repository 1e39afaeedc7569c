/**
 * Attempts to reach a real server, over netty, on one thread that carries nothing else. For use by
 * {@code io.lvs4j.health} only.
 */
@NullMarked
package io.lvs4j.health.probe;

import org.jspecify.annotations.NullMarked;
