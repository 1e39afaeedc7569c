/** A Linux Virtual Server in the lab: its hosts, prepared for each way to forward. */
@NullMarked
package io.lvs4j.lab.lvs;

import org.jspecify.annotations.NullMarked;
