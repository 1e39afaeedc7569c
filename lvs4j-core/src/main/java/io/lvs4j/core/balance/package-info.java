/**
 * Where the next connection goes: the live table of one virtual server's destinations, its
 * scheduler and its persistence, shared by the data planes that decide in Java.
 */
@NullMarked
package io.lvs4j.core.balance;

import org.jspecify.annotations.NullMarked;
