package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.lvs4j.ipvs.wire.IpvsCommand;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.GenericMessage;
import io.lvs4j.linux.netlink.NetlinkMessage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Replays a long dump of which only the shape was recorded: so many messages, so long. */
final class ShapeReplay {
  private static final int NLM_F_MULTI = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NO_SUCH_ATTRIBUTE = 0;
  private static final int HEADER = 4;

  private final Exchange exchange;

  ShapeReplay(Exchange exchange) {
    this.exchange = exchange;
  }

  void run() throws Exception {
    var shape = exchange.shape();
    int rows = shape.messages() - 1;
    var kernel = new RecordedKernel();
    try (var client = IpvsClient.open(kernel)) {
      if (exchange.label().contains(IpvsCommand.GET_SERVICE.name())) {
        kernel.replaying(dump(rows, IpvsCommand.NEW_SERVICE));
        assertThat(client.services())
            .hasSize(rows)
            .extracting(status -> status.service().key())
            .isSorted()
            .doesNotHaveDuplicates();
      } else if (exchange.label().contains(IpvsCommand.GET_DEST.name())) {
        kernel.replaying(dump(rows, IpvsCommand.NEW_DEST));
        var key = ServiceKey.tcp(address(0), 80);
        assertThat(client.destinations(key))
            .hasSize(rows)
            .extracting(status -> status.destination().key().address())
            .startsWith(address(0), address(1))
            .endsWith(address(rows - 1));
      } else {
        fail(
            "exchange '%s' (expected: a dump of GET_SERVICE or GET_DEST)"
                .formatted(exchange.label()));
      }
      assertThat(kernel.requests()).as("the requests").hasSize(1);
    }
  }

  private List<byte[]> dump(int rows, IpvsCommand answer) throws UnknownHostException {
    var messages = new ArrayList<byte[]>();
    for (int i = 0; i < rows; i++) {
      messages.add(row(i, answer));
    }
    byte[] end = new byte[exchange.shape().lastLength() - 16];
    messages.add(new NetlinkMessage(NLMSG_DONE, NLM_F_MULTI, 0, 0, end).encode());
    var datagrams = Datagrams.of(messages, exchange.datagrams());
    assertThat(datagrams).as("the datagrams").hasSize(exchange.datagrams());
    return datagrams;
  }

  private static InetAddress address(int number) throws UnknownHostException {
    return InetAddress.getByAddress(
        new byte[] {10, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
  }

  /** Returns a message of the recorded length, with attributes that nobody knows at its end. */
  private byte[] row(int number, IpvsCommand answer) throws UnknownHostException {
    var message = message(number, answer);
    Attributes attributes = message.attributes();
    int missing = exchange.shape().messageLength() - 20 - attributes.encode().length;
    assertThat(missing).as("room in a message").isNotNegative();
    for (int i = 0; i < missing / HEADER; i++) {
      attributes = attributes.with(NO_SUCH_ATTRIBUTE, new byte[0]);
    }
    byte[] payload = new GenericMessage(answer.number(), 1, attributes).encode();
    byte[] encoded = new NetlinkMessage(RecordedKernel.FAMILY, NLM_F_MULTI, 0, 0, payload).encode();
    assertThat(encoded).hasSize(exchange.shape().messageLength());
    return encoded;
  }

  private static IpvsMessage message(int number, IpvsCommand answer) throws UnknownHostException {
    if (answer == IpvsCommand.NEW_SERVICE) {
      var service = IpvsService.of(ServiceKey.tcp(address(number), 80), "wlc");
      return IpvsMessage.of(answer).with(WireServices.describe(service));
    }
    var key = ServiceKey.tcp(address(0), 80);
    var destination = IpvsDestination.of(address(number), 80, IpvsForwarding.directRouting());
    return IpvsMessage.of(answer).with(WireDestinations.describe(key, destination));
  }
}
