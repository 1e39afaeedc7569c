package io.lvs4j.ipvs.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A connection of the kernel's table, or the template of a persistent client.
 *
 * @param protocol its name: TCP, UDP, SCTP; IP for the template of a firewall mark
 * @param client the client's address; in a template, with the bits that its service ignores at 0
 * @param clientPort the client's port; 0 in a template
 * @param virtualAddress the address that the client asked for. In the template of a firewall mark
 *     it is the mark, in the last 32 bits
 * @param virtualPort the port that the client asked for
 * @param destination the real server's address
 * @param destinationPort the real server's port
 * @param state such as ESTABLISHED; of a template NONE or ASSURED
 * @param expiresIn when it ends without another packet, in whole seconds
 * @param persistence what a persistence engine has found out, in a template of one
 * @param synced whether it was learnt from another director; only where this was asked for
 */
public record IpvsConnection(
    String protocol,
    InetAddress client,
    int clientPort,
    InetAddress virtualAddress,
    int virtualPort,
    InetAddress destination,
    int destinationPort,
    String state,
    Duration expiresIn,
    Optional<EngineData> persistence,
    Optional<Boolean> synced) {

  /**
   * What a persistence engine tells clients apart by.
   *
   * @param engine its name, such as {@code sip}
   * @param data such as a Call-ID; each byte is one character
   */
  public record EngineData(String engine, String data) {}

  public IpvsConnection {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(state, "state");
  }

  /** Says whether this isn't a connection but binds a persistent client to its server. */
  public boolean isTemplate() {
    return clientPort == 0 && (state.equals("NONE") || state.equals("ASSURED"));
  }
}
