/** The first lines of code that a reader of the README meets. */
@NullMarked
package io.lvs4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
