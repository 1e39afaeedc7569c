/** How long a client is without an answer when a virtual address moves, beside keepalived. */
@NullMarked
package io.lvs4j.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
