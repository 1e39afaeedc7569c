/**
 * keepalived.conf for lvs4j: {@link io.lvs4j.keepalived.KeepalivedConfiguration} reads a file into
 * the same virtual servers and VRRP instances that Java code builds.
 */
@NullMarked
package io.lvs4j.keepalived;

import org.jspecify.annotations.NullMarked;
