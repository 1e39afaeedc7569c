/** What a keepalived.conf says besides virtual servers and VRRP instances. */
@NullMarked
package io.lvs4j.keepalived.model;

import org.jspecify.annotations.NullMarked;
