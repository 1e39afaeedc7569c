/** A link between hosts that are network namespaces of this machine, and what is seen on it. */
@NullMarked
package io.lvs4j.lab.network;

import org.jspecify.annotations.NullMarked;
