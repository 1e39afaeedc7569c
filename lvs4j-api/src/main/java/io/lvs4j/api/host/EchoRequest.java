package io.lvs4j.api.host;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An ICMP echo request, and the way it is to take.
 *
 * @param to the host that is to answer
 * @param size how many bytes of payload, 8 to 1400
 * @param bindAddress the address to send from, if it matters
 * @param bindInterface the network interface to send through, if it matters
 * @param firewallMark the mark of the packet, if it is to have one
 */
public record EchoRequest(
    InetAddress to,
    int size,
    Optional<InetAddress> bindAddress,
    Optional<String> bindInterface,
    OptionalLong firewallMark) {
  public EchoRequest {
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(bindAddress, "bindAddress");
    Objects.requireNonNull(bindInterface, "bindInterface");
    Objects.requireNonNull(firewallMark, "firewallMark");
  }
}
