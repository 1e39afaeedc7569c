/** A director from a keepalived.conf, in the foreground, as keepalived itself would run it. */
@NullMarked
package io.lvs4j.run;

import org.jspecify.annotations.NullMarked;
