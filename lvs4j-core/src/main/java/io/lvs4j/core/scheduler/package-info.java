/** The scheduling algorithms of the Linux Virtual Server, decision for decision. */
@NullMarked
package io.lvs4j.core.scheduler;

import org.jspecify.annotations.NullMarked;
