/** What a running director shows of itself over HTTP: status, table, metrics and a page. */
@NullMarked
package io.lvs4j.run.admin;

import org.jspecify.annotations.NullMarked;
