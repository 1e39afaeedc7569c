/**
 * Statements become virtual servers, VRRP instances and sync groups: the meaning of the keywords.
 */
@NullMarked
package io.lvs4j.keepalived.mapping;

import org.jspecify.annotations.NullMarked;
