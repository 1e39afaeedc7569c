/** The README's code, compiled. */
@NullMarked
package io.lvs4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
