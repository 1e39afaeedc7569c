/** Rules as {@code ipvsadm-save} writes and {@code ipvsadm-restore} reads them. */
@NullMarked
package io.lvs4j.keepalived.ipvsadm;

import org.jspecify.annotations.NullMarked;
