/**
 * Every keyword of keepalived.conf, in the block that it belongs to, and what becomes of it. The
 * page docs/keepalived-compatibility.md is written from it.
 */
@NullMarked
package io.lvs4j.keepalived.keyword;

import org.jspecify.annotations.NullMarked;
