package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ipvs.wire.AddressBytes;
import io.lvs4j.ipvs.wire.DestinationAttributes;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.ipvs.wire.ServiceAttributes;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.GenericMessage;
import io.lvs4j.linux.netlink.NetlinkMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks for the same as a recorded request by a method of the client, where there is one: the client
 * asks for nothing that is incomplete.
 */
final class ClientReplay {
  private static final int NO_SUCH_SERVICE = 3;

  private final Exchange exchange;
  private final IpvsMessage recorded;

  ClientReplay(Exchange exchange, IpvsMessage recorded) {
    this.exchange = exchange;
    this.recorded = recorded;
  }

  /** Says whether the client has a method for it. */
  boolean run() throws Exception {
    var call = ClientCall.of(recorded, RecordedKernel.flags(exchange.request()));
    if (call.isEmpty()) {
      return false;
    }
    var kernel = new RecordedKernel();
    try (var client = IpvsClient.open(kernel)) {
      var answers = Datagrams.of(exchange);
      kernel.answering(request ->
          kernel.requests().size() > 1
              ? List.of(RecordedKernel.acknowledgement(request, NO_SUCH_SERVICE))
              : answers.stream()
                  .map(each -> RecordedKernel.numbered(each, RecordedKernel.sequence(request)))
                  .toList());
      int outcome = 0;
      try {
        call.get().make(client);
      } catch (IpvsException refused) {
        outcome = refused.errno().map(errno -> errno.code()).orElse(-1);
        assertThat(refused)
            .hasMessageStartingWith(refused.operation())
            .hasMessageContaining(refused.subject() + ": " + refused.errno().orElseThrow());
        assertThat(refused.kind()).isNotIn(IpvsException.Kind.OTHER, IpvsException.Kind.NO_ANSWER);
        assertThat(refused.remedy()).as("the remedy").isNotEmpty();
      }
      assertThat(outcome).as("errno of the client").isEqualTo(outcome());
      var ours = kernel.requests().subList(0, 1);
      assertThat(explicit(message(ours))).as("what the client asked").isEqualTo(explicit(recorded));
      if (message(ours).equals(recorded)) {
        TraceReplay.sameRequest(ours, exchange);
      }
    }
    return true;
  }

  /** Returns how it ends for the client, which knows better than the kernel in two cases. */
  private int outcome() {
    return switch (recorded.command()) {
      // There is none: no failure, when it was asked for.
      case GET_SERVICE -> exchange.errno() == NO_SUCH_SERVICE ? 0 : exchange.errno();
      // The kernel has an empty table for a service that it doesn't have; the client asks on.
      case GET_DEST ->
          exchange.responses().size() == 1 && exchange.errno() == 0
              ? NO_SUCH_SERVICE
              : exchange.errno();
      default -> exchange.errno();
    };
  }

  private static IpvsMessage message(List<byte[]> requests) {
    byte[] request = requests.getFirst();
    var netlink = TraceReplay.value(NetlinkMessage.decode(request, request.length)).getFirst();
    return TraceReplay.value(GenericMessage.decode(netlink.payload()).then(IpvsMessage::decode));
  }

  /** Returns a message with what the kernel takes for granted where it isn't said. */
  private static IpvsMessage explicit(IpvsMessage message) {
    if (message.destination().isEmpty() || message.service().isEmpty()) {
      return message;
    }
    return message.with(explicit(message.service().get(), message.destination().get()));
  }

  private static DestinationAttributes explicit(
      ServiceAttributes service, DestinationAttributes destination) {
    var family = destination.family().isPresent() ? destination.family() : service.family();
    boolean isIpv6 = family.orElse(0) == SocketConstants.AF_INET6;
    return new DestinationAttributes(
        destination
            .address()
            .flatMap(bytes -> isIpv6 ? bytes.ipv6() : bytes.ipv4())
            .map(AddressBytes::of),
        destination.port(),
        family,
        destination.forwarding(),
        destination.weight(),
        destination.upperThreshold(),
        destination.lowerThreshold(),
        OptionalInt.of(destination.tunnelType().orElse(0)),
        OptionalInt.of(destination.tunnelPort().orElse(0)),
        OptionalInt.of(destination.tunnelFlags().orElse(0)),
        destination.activeConnections(),
        destination.inactiveConnections(),
        destination.persistentConnections(),
        Optional.empty(),
        Optional.empty());
  }
}
