/** Checkers of real servers: pure verdicts, and what drives them. */
@NullMarked
package io.lvs4j.health;

import org.jspecify.annotations.NullMarked;
