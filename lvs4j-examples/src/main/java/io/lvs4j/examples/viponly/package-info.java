/** A plain Java HTTP server that is made highly available by a virtual IP address. */
@NullMarked
package io.lvs4j.examples.viponly;

import org.jspecify.annotations.NullMarked;
