/** The programs that lvs4j is tested against and measured beside, as processes of our own. */
@NullMarked
package io.lvs4j.lab.peer;

import org.jspecify.annotations.NullMarked;
