/** Spring Cloud Gateways that share one address and spread connections over all of them. */
@NullMarked
package io.lvs4j.examples.spring;

import org.jspecify.annotations.NullMarked;
