package io.lvs4j.api.host;

import io.lvs4j.api.Endpoint;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Something that happened on the network of this host. */
public sealed interface HostEvent {

  /**
   * An IP packet of protocol 112 arrived.
   *
   * @param channel where
   * @param source the sender's address
   * @param destination whom it was sent to: a group or an address of this host
   * @param hopLimit its TTL or hop limit on arrival
   * @param message what followed the IP header; not to be changed
   * @param arrivedNanos when, as a value of {@link System#nanoTime()}; empty where the host doesn't
   *     know it better than who reads the message
   */
  @SuppressWarnings("ArrayRecordComponent") // equality is of what arrived, not of when: see below
  record MessageReceived(
      VrrpChannel channel,
      InetAddress source,
      InetAddress destination,
      int hopLimit,
      byte[] message,
      OptionalLong arrivedNanos)
      implements HostEvent {

    /** Creates one of which nobody knows when it arrived. */
    public MessageReceived(
        VrrpChannel channel,
        InetAddress source,
        InetAddress destination,
        int hopLimit,
        byte[] message) {
      this(channel, source, destination, hopLimit, message, OptionalLong.empty());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof MessageReceived that
          && channel.equals(that.channel)
          && source.equals(that.source)
          && destination.equals(that.destination)
          && hopLimit == that.hopLimit
          && Arrays.equals(message, that.message);
    }

    @Override
    public int hashCode() {
      return Objects.hash(source, destination, hopLimit, Arrays.hashCode(message));
    }

    @Override
    public String toString() {
      return Endpoint.literal(source)
          + " > "
          + Endpoint.literal(destination)
          + " hop limit "
          + hopLimit
          + ": "
          + HexFormat.of().formatHex(message);
    }
  }

  /**
   * A watched interface came, went or changed.
   *
   * @param networkInterface its name
   * @param state how it is now; empty when it is gone
   */
  record InterfaceChanged(String networkInterface, Optional<InterfaceState> state)
      implements HostEvent {}

  /**
   * A claimed address is not on this host any more, and the router didn't release it. It stays
   * claimed: {@link HostNetwork#claim} puts it back.
   */
  record AddressRemoved(VirtualAddressClaim claim) implements HostEvent {}

  /**
   * Another station of the link says that a claimed address is its own.
   *
   * @param claim the address
   * @param station who says so
   */
  record AddressInUse(VirtualAddressClaim claim, HardwareAddress station) implements HostEvent {}
}
