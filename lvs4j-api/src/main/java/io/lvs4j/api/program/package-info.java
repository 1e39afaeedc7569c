/**
 * Programs that lvs4j runs: health checks, trackers, notifications. Whom they run as, and what
 * keeps a program that runs as root from being somebody else's.
 */
@NullMarked
package io.lvs4j.api.program;

import org.jspecify.annotations.NullMarked;
