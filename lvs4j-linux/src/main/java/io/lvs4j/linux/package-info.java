/**
 * lvs4j on Linux: {@link io.lvs4j.linux.LinuxHostNetwork} holds virtual addresses and speaks VRRP
 * by system calls. The only module that uses java.lang.foreign; {@link io.lvs4j.linux.LinuxNative}
 * says whether it may.
 */
@NullMarked
package io.lvs4j.linux;

import org.jspecify.annotations.NullMarked;
