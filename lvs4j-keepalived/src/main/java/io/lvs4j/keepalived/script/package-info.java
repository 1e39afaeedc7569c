/** Programs that are told of events: the notify scripts of keepalived. */
@NullMarked
package io.lvs4j.keepalived.script;

import org.jspecify.annotations.NullMarked;
