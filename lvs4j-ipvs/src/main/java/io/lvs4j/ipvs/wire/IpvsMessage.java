package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import io.lvs4j.linux.netlink.GenericMessage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A message of the family IPVS, {@code IPVS_CMD_ATTR_*}. Which parts a command has, and which of
 * their attributes, the kernel checks.
 *
 * @param command what to do, or what this is
 * @param service the service that is meant
 * @param destination the real server that is meant
 * @param daemon the sync daemon that is meant
 * @param timeouts of connections, in SET_CONFIG
 * @param info about the kernel's IPVS, in SET_INFO
 */
public record IpvsMessage(
    IpvsCommand command,
    Optional<ServiceAttributes> service,
    Optional<DestinationAttributes> destination,
    Optional<DaemonAttributes> daemon,
    Timeouts timeouts,
    KernelInfo info) {
  /** The name of the family. */
  public static final String FAMILY = "IPVS";

  /** The version of its commands. */
  public static final int VERSION = 1;

  static final int IPVS_CMD_ATTR_SERVICE = 1;
  static final int IPVS_CMD_ATTR_DEST = 2;
  static final int IPVS_CMD_ATTR_DAEMON = 3;
  static final int IPVS_CMD_ATTR_TIMEOUT_TCP = 4;
  static final int IPVS_CMD_ATTR_TIMEOUT_TCP_FIN = 5;
  static final int IPVS_CMD_ATTR_TIMEOUT_UDP = 6;
  static final int IPVS_INFO_ATTR_VERSION = 1;
  static final int IPVS_INFO_ATTR_CONN_TAB_SIZE = 2;

  /**
   * Timeouts of connections in seconds; absent or 0, one stays as it is.
   *
   * @param tcp of established connections
   * @param tcpFin of those that end
   * @param udp of UDP
   */
  public record Timeouts(OptionalLong tcp, OptionalLong tcpFin, OptionalLong udp) {
    /** None is there. */
    public static final Timeouts NONE =
        new Timeouts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /**
   * What the kernel says of itself.
   *
   * @param version a number of three bytes: 0x010201 is 1.2.1
   * @param connectionTableSize in buckets
   */
  public record KernelInfo(OptionalLong version, OptionalLong connectionTableSize) {
    /** Nothing is said. */
    public static final KernelInfo NONE =
        new KernelInfo(OptionalLong.empty(), OptionalLong.empty());
  }

  /** Returns a message that is its command alone. */
  public static IpvsMessage of(IpvsCommand command) {
    return new IpvsMessage(
        command,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Timeouts.NONE,
        KernelInfo.NONE);
  }

  /** Returns the same with a service. */
  public IpvsMessage with(ServiceAttributes service) {
    return new IpvsMessage(command, Optional.of(service), destination, daemon, timeouts, info);
  }

  /** Returns the same with a real server. */
  public IpvsMessage with(DestinationAttributes destination) {
    return new IpvsMessage(command, service, Optional.of(destination), daemon, timeouts, info);
  }

  /** Returns the same with a sync daemon. */
  public IpvsMessage with(DaemonAttributes daemon) {
    return new IpvsMessage(command, service, destination, Optional.of(daemon), timeouts, info);
  }

  /** Returns the same with timeouts. */
  public IpvsMessage with(Timeouts timeouts) {
    return new IpvsMessage(command, service, destination, daemon, timeouts, info);
  }

  /** Returns the same with what the kernel says of itself. */
  public IpvsMessage with(KernelInfo info) {
    return new IpvsMessage(command, service, destination, daemon, timeouts, info);
  }

  /** Returns the attributes of the message. */
  public Attributes attributes() {
    if (command == IpvsCommand.SET_INFO) {
      return new AttributeWriter()
          .number32(IPVS_INFO_ATTR_VERSION, info.version)
          .number32(IPVS_INFO_ATTR_CONN_TAB_SIZE, info.connectionTableSize)
          .written();
    }
    return new AttributeWriter()
        .nested(IPVS_CMD_ATTR_SERVICE, service.map(ServiceAttributes::encode))
        .nested(IPVS_CMD_ATTR_DEST, destination.map(DestinationAttributes::encode))
        .nested(IPVS_CMD_ATTR_DAEMON, daemon.map(DaemonAttributes::encode))
        .number32(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp)
        .number32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin)
        .number32(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp)
        .written();
  }

  /** Returns the message as generic netlink carries it. */
  public GenericMessage encode() {
    return new GenericMessage(command.number(), VERSION, attributes());
  }

  /**
   * Reads a message; attributes that are unknown, or of another length than theirs, are skipped.
   */
  public static Decoding<IpvsMessage> decode(GenericMessage message) {
    var command = IpvsCommand.of(message.command());
    if (command.isEmpty()) {
      return new Malformed<>("command of IPVS: " + message.command() + " (expected: 1-17)");
    }
    var attributes = message.attributes();
    if (command.get() == IpvsCommand.SET_INFO) {
      return new Decoded<>(
          of(command.get())
              .with(
                  new KernelInfo(
                      attributes.number32(IPVS_INFO_ATTR_VERSION),
                      attributes.number32(IPVS_INFO_ATTR_CONN_TAB_SIZE))));
    }
    return part(attributes.nested(IPVS_CMD_ATTR_SERVICE), ServiceAttributes::decode)
        .then(service ->
            part(attributes.nested(IPVS_CMD_ATTR_DEST), DestinationAttributes::decode)
                .then(destination ->
                    part(
                            attributes.nested(IPVS_CMD_ATTR_DAEMON),
                            daemon -> new Decoded<>(DaemonAttributes.decode(daemon)))
                        .then(daemon ->
                            new Decoded<>(
                                new IpvsMessage(
                                    command.get(),
                                    service,
                                    destination,
                                    daemon,
                                    timeouts(attributes),
                                    KernelInfo.NONE)))));
  }

  private static Timeouts timeouts(Attributes attributes) {
    return new Timeouts(
        attributes.number32(IPVS_CMD_ATTR_TIMEOUT_TCP),
        attributes.number32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN),
        attributes.number32(IPVS_CMD_ATTR_TIMEOUT_UDP));
  }

  private static <T> Decoding<Optional<T>> part(
      Decoding<Optional<Attributes>> nested, Function<Attributes, Decoding<T>> decoder) {
    return nested.then(attributes ->
        attributes.isEmpty()
            ? new Decoded<>(Optional.empty())
            : decoder.apply(attributes.get()).then(value -> new Decoded<>(Optional.of(value))));
  }
}
