/** The signals of the process and the lines that it writes to standard error. */
@NullMarked
package io.lvs4j.run.signal;

import org.jspecify.annotations.NullMarked;
