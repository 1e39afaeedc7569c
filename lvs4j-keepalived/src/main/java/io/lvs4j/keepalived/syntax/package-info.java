/**
 * The grammar of keepalived.conf without the meaning of its keywords: files become lines, lines
 * become a tree of {@link io.lvs4j.keepalived.syntax.Statement statements}.
 */
@NullMarked
package io.lvs4j.keepalived.syntax;

import org.jspecify.annotations.NullMarked;
