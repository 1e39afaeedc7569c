package io.lvs4j.ipvs.client;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.ipvs.wire.DestinationAttributes;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.ipvs.wire.ServiceAttributes;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The call of a client that asks for what a message asks for. */
interface ClientCall {
  void make(IpvsClient client) throws Exception;

  /** Returns the call; empty when the message says less than a client does, or nonsense. */
  static Optional<ClientCall> of(IpvsMessage message, int flags) {
    boolean all = (flags & 0x300) == 0x300;
    return switch (message.command()) {
      case NEW_SERVICE -> service(message).map(service -> client -> client.add(service));
      case SET_SERVICE -> service(message).map(service -> client -> client.set(service));
      case DEL_SERVICE -> key(message).map(key -> client -> client.delete(key));
      case GET_SERVICE ->
          message.service().isEmpty()
              ? Optional.of(IpvsClient::services)
              : key(message).filter(_ -> !all).map(key -> client -> client.service(key));
      case NEW_DEST -> destination(message, (client, key, set) -> client.add(key, set));
      case SET_DEST -> destination(message, (client, key, set) -> client.set(key, set));
      case DEL_DEST ->
          key(message)
              .flatMap(key ->
                  destinationKey(key, message)
                      .map(destination -> client -> client.delete(key, destination)));
      case GET_DEST -> key(message).filter(_ -> all).map(key -> client -> client.destinations(key));
      case NEW_DAEMON -> daemon(message).map(daemon -> client -> client.startDaemon(daemon));
      case DEL_DAEMON -> role(message).map(role -> client -> client.stopDaemon(role));
      case GET_DAEMON -> Optional.of(IpvsClient::daemons);
      case SET_CONFIG -> timeouts(message.timeouts());
      case GET_CONFIG -> Optional.of(IpvsClient::timeouts);
      case GET_INFO -> Optional.of(IpvsClient::info);
      case SET_INFO -> Optional.empty();
      case ZERO ->
          message.service().isEmpty()
              ? Optional.of(IpvsClient::zero)
              : key(message).map(key -> client -> client.zero(key));
      case FLUSH -> Optional.of(IpvsClient::flush);
    };
  }

  /** What is done to a real server. */
  interface DestinationCall {
    void make(IpvsClient client, ServiceKey key, IpvsDestination destination) throws Exception;
  }

  private static Optional<ServiceKey> key(IpvsMessage message) {
    var service = message.service().orElse(ServiceAttributes.NONE);
    boolean ipv4 = service.family().orElse(0) == SocketConstants.AF_INET;
    var address = service.address().flatMap(bytes -> ipv4 ? bytes.ipv4() : bytes.ipv6());
    if (service.family().isEmpty()) {
      return Optional.empty();
    }
    if (service.firewallMark().isPresent()) {
      return service.firewallMark().getAsLong() == 0 || service.protocol().isPresent()
          ? Optional.empty()
          : Optional.of(
              ServiceKey.firewallMark(
                  service.firewallMark().getAsLong(),
                  ipv4 ? AddressFamily.IPV4 : AddressFamily.IPV6));
    }
    return address.isEmpty() || service.protocol().isEmpty() || service.port().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ServiceKey.AddressKey(
                service.protocol().getAsInt(), address.get(), service.port().getAsInt()));
  }

  private static Optional<IpvsService> service(IpvsMessage message) {
    var attributes = message.service().orElse(ServiceAttributes.NONE);
    if (key(message).isEmpty()
        || attributes.scheduler().isEmpty()
        || attributes.flags().isEmpty()
        || attributes.timeout().isEmpty()
        || attributes.netmask().isEmpty()) {
      return Optional.empty();
    }
    var flags = attributes.flags().get();
    boolean known = flags.mask() == -1 && (flags.value() & ~0x3d) == 0;
    boolean ipv4 = attributes.family().getAsInt() == SocketConstants.AF_INET;
    boolean single = attributes.netmask().getAsLong() == (ipv4 ? 0xffff_ffffL : 128);
    boolean persistent = (flags.value() & 1) != 0;
    boolean unused = !persistent && !(attributes.timeout().getAsLong() == 0 && single);
    return known && !unused
        ? value(WireServices.decode(message)).map(IpvsServiceStatus::service)
        : Optional.empty();
  }

  private static Optional<ClientCall> destination(IpvsMessage message, DestinationCall call) {
    var attributes = message.destination();
    if (key(message).isEmpty() || attributes.isEmpty() || !isComplete(attributes.get())) {
      return Optional.empty();
    }
    var key = key(message).get();
    return value(WireDestinations.decode(key, message))
        .map(IpvsDestinationStatus::destination)
        .map(destination -> client -> call.make(client, key, destination));
  }

  private static boolean isComplete(DestinationAttributes attributes) {
    boolean tunnel = attributes.forwarding().orElse(-1) == 2;
    boolean plain =
        attributes.tunnelType().orElse(0) == 0
            && attributes.tunnelPort().orElse(0) == 0
            && attributes.tunnelFlags().orElse(0) == 0;
    return attributes.forwarding().isPresent()
        && attributes.weight().isPresent()
        && attributes.upperThreshold().isPresent()
        && attributes.lowerThreshold().isPresent()
        && (tunnel || plain)
        && (attributes.tunnelType().orElse(0) != 0 || plain);
  }

  private static Optional<DestinationKey> destinationKey(ServiceKey key, IpvsMessage message) {
    var attributes = message.destination();
    if (attributes.isEmpty() || attributes.get().port().isEmpty()) {
      return Optional.empty();
    }
    boolean ipv4 =
        attributes.get().family().orElse(WireServices.family(key.family()))
            == SocketConstants.AF_INET;
    return attributes
        .get()
        .address()
        .flatMap(bytes -> ipv4 ? bytes.ipv4() : bytes.ipv6())
        .map(address -> new DestinationKey(address, attributes.get().port().getAsInt()));
  }

  private static Optional<SyncDaemon> daemon(IpvsMessage message) {
    return message
        .daemon()
        .filter(daemon -> daemon.syncId().isPresent())
        .flatMap(_ -> value(WireDaemons.decode(message)));
  }

  private static Optional<SyncRole> role(IpvsMessage message) {
    long state = message.daemon().map(daemon -> daemon.state().orElse(0)).orElse(0L);
    for (var role : SyncRole.values()) {
      if (role.number() == state) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  private static Optional<ClientCall> timeouts(IpvsMessage.Timeouts timeouts) {
    for (var timeout : new OptionalLong[] {timeouts.tcp(), timeouts.tcpFin(), timeouts.udp()}) {
      if (timeout.isEmpty() || timeout.getAsLong() > Integer.MAX_VALUE) {
        return Optional.empty();
      }
    }
    var set =
        new IpvsTimeouts(
            Duration.ofSeconds(timeouts.tcp().getAsLong()),
            Duration.ofSeconds(timeouts.tcpFin().getAsLong()),
            Duration.ofSeconds(timeouts.udp().getAsLong()));
    return Optional.of(client -> client.timeouts(set));
  }

  private static <T> Optional<T> value(Decoding<T> decoding) {
    return decoding instanceof Decoded<T>(var value) ? Optional.of(value) : Optional.empty();
  }
}
