/** What it costs to check many real servers, side by side with keepalived. */
@NullMarked
package io.lvs4j.benchmarks.health;

import org.jspecify.annotations.NullMarked;
