/** What a decision of each scheduler costs, and what a change to a server does. */
@NullMarked
package io.lvs4j.benchmarks.scheduler;

import org.jspecify.annotations.NullMarked;
