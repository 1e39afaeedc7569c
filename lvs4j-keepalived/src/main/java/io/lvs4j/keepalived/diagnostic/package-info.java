/** What a reader has to say about a text: where, what, and what was probably meant. */
@NullMarked
package io.lvs4j.keepalived.diagnostic;

import org.jspecify.annotations.NullMarked;
