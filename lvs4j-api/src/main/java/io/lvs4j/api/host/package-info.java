/**
 * What a VRRP router needs of the host it runs on, as a port: {@link
 * io.lvs4j.api.host.HostNetwork}.
 */
@NullMarked
package io.lvs4j.api.host;

import org.jspecify.annotations.NullMarked;
