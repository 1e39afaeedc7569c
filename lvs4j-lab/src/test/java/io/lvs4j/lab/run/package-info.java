/** {@code lvs4j run} as a process, beside keepalived with the same file. */
@NullMarked
package io.lvs4j.lab.run;

import org.jspecify.annotations.NullMarked;
