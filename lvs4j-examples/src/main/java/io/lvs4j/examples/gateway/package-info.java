/** A gateway under load, with every claim checked as it runs. */
@NullMarked
package io.lvs4j.examples.gateway;

import org.jspecify.annotations.NullMarked;
