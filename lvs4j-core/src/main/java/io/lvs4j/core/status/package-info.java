/** The state of a director as the text that operators of the Linux Virtual Server know. */
@NullMarked
package io.lvs4j.core.status;

import org.jspecify.annotations.NullMarked;
