/** What threads that serve for as long as their director have in common. */
@NullMarked
package io.lvs4j.api.loop;

import org.jspecify.annotations.NullMarked;
