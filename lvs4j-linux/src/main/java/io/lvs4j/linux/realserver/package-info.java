/** What a real server needs to take packets for an address that the director answers for. */
@NullMarked
package io.lvs4j.linux.realserver;

import org.jspecify.annotations.NullMarked;
