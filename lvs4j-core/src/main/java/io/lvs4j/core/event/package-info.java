/** What happens in a director, as log lines and as events of the JDK Flight Recorder. */
@NullMarked
package io.lvs4j.core.event;

import org.jspecify.annotations.NullMarked;
