/** The way back: a configuration as keepalived.conf. */
@NullMarked
package io.lvs4j.keepalived.text;

import org.jspecify.annotations.NullMarked;
