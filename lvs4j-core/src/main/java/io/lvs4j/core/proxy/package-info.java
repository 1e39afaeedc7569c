/** The unprivileged data plane: connections end at the director and begin anew from it. */
@NullMarked
package io.lvs4j.core.proxy;

import org.jspecify.annotations.NullMarked;
