/** lvs4j, HAProxy and nginx side by side: the same backends, the same client, round by round. */
@NullMarked
package io.lvs4j.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
