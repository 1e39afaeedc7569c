/** A director in a Spring Boot application: from its properties, with its life. */
@NullMarked
package io.lvs4j.spring.boot;

import org.jspecify.annotations.NullMarked;
