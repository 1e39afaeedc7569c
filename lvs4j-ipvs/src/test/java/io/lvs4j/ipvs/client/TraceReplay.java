package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.ipvs.wire.IpvsCommand;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.kernel.SystemCallException;
import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import io.lvs4j.linux.netlink.GenericMessage;
import io.lvs4j.linux.netlink.GenericNetlink;
import io.lvs4j.linux.netlink.NetlinkMessage;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Replays one exchange: as a message, and by the client where it asks for the same. */
final class TraceReplay {
  private static final int GENL_ID_CTRL = 0x10;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_ACK = 0x4;
  private static final int NLM_F_DUMP = 0x300;

  private final Exchange exchange;
  private final int family;

  TraceReplay(Exchange exchange, int family) {
    this.exchange = exchange;
    this.family = family;
  }

  void run() throws Exception {
    if (exchange.isShape()) {
      new ShapeReplay(exchange).run();
      return;
    }
    byte[] request = exchange.request();
    var asked = value(NetlinkMessage.decode(request, request.length)).getFirst();
    var generic = value(GenericMessage.decode(asked.payload()));
    if (asked.type() == GENL_ID_CTRL) {
      lookUp(generic);
      return;
    }
    assertThat(asked.type()).as("the family").isEqualTo(family);
    var message = value(IpvsMessage.decode(generic));
    assertThat(message.command()).as("the command").isEqualTo(labelled(message));
    ask(message);
    new ClientReplay(exchange, message).run();
  }

  /** Returns the command that the label names, or that of the request when it names none. */
  private IpvsCommand labelled(IpvsMessage request) {
    var words = List.of(exchange.label().split("\\W+"));
    return Arrays.stream(IpvsCommand.values())
        .filter(command -> words.contains(command.name()))
        .findFirst()
        .orElse(request.command());
  }

  private void lookUp(GenericMessage asked) throws HostNetworkException {
    assertThat(asked.command()).as("the command of nlctrl").isEqualTo(CTRL_CMD_GETFAMILY);
    String name = asked.attributes().text(CTRL_ATTR_FAMILY_NAME).orElseThrow();
    var kernel = new RecordedKernel().replaying(Datagrams.of(exchange));
    int outcome = 0;
    try (var netlink = GenericNetlink.open(kernel, name)) {
      assertThat(netlink.id()).as("the number of the family").isEqualTo(family);
    } catch (SystemCallException refused) {
      outcome = refused.errno().code();
    }
    assertThat(outcome).as("errno").isEqualTo(exchange.errno());
    assertThat(kernel.isOpen()).as("the socket is open").isFalse();
    sameRequest(kernel.requests(), exchange);
  }

  /** Asks by the message that was read from the request, as it was asked: for one, all or none. */
  private void ask(IpvsMessage request) throws HostNetworkException {
    var kernel = new RecordedKernel();
    int outcome = 0;
    List<GenericMessage> answers = List.of();
    try (var netlink = GenericNetlink.open(kernel, IpvsMessage.FAMILY)) {
      kernel.replaying(Datagrams.of(exchange));
      answers = ask(netlink, request);
    } catch (SystemCallException refused) {
      outcome = refused.errno().code();
    }
    assertThat(outcome).as("errno").isEqualTo(exchange.errno());
    sameRequest(kernel.requests(), exchange);
    sameAnswers(request, answers);
  }

  private List<GenericMessage> ask(GenericNetlink netlink, IpvsMessage request)
      throws HostNetworkException {
    int command = request.command().number();
    Attributes attributes = request.attributes();
    int flags = RecordedKernel.flags(exchange.request());
    if ((flags & NLM_F_DUMP) == NLM_F_DUMP) {
      return netlink.dump(exchange.label(), command, attributes);
    }
    if ((flags & NLM_F_ACK) != 0) {
      netlink.execute(exchange.label(), command, attributes);
      return List.of();
    }
    return List.of(netlink.get(exchange.label(), command, attributes));
  }

  static void sameRequest(List<byte[]> ours, Exchange exchange) {
    assertThat(ours).as("requests").hasSize(1);
    byte[] recorded = exchange.request();
    // The kernel doesn't look at the flag of nests, and some programs leave it out.
    boolean plain = AttributeTree.lacksNestFlags(recorded);
    byte[] request = ours.getFirst();
    assertThat(masked(plain ? AttributeTree.withoutNestFlags(request) : request))
        .as("the request")
        .isEqualTo(masked(recorded));
  }

  /** Returns the bytes of a message but for its sequence, its port and the family's number. */
  private static String masked(byte[] message) {
    byte[] copy = message.clone();
    Arrays.fill(copy, 8, 16, (byte) 0);
    if (RecordedKernel.type(copy) != GENL_ID_CTRL) {
      Arrays.fill(copy, 4, 6, (byte) 0);
    }
    return HexFormat.of().formatHex(copy);
  }

  private void sameAnswers(IpvsMessage request, List<GenericMessage> answers) {
    var recorded =
        exchange.responses().stream()
            .filter(response -> RecordedKernel.type(response) != NLMSG_ERROR)
            .filter(response -> RecordedKernel.type(response) != NLMSG_DONE)
            .toList();
    assertThat(answers).as("the answers").hasSameSizeAs(recorded);
    for (int i = 0; i < recorded.size(); i++) {
      var answer = value(IpvsMessage.decode(answers.get(i)));
      assertThat(answer.command()).as("the answer").isEqualTo(answerTo(request.command()));
      boolean isInfo = answer.command() == IpvsCommand.SET_INFO;
      byte[] again = new NetlinkMessage(family, 0, 0, 0, answer.encode().encode()).encode();
      assertThat(AttributeTree.of(again, isInfo))
          .as("what was understood of answer %s", i)
          .isEqualTo(AttributeTree.of(recorded.get(i), isInfo));
    }
  }

  private static IpvsCommand answerTo(IpvsCommand command) {
    return switch (command) {
      case GET_SERVICE -> IpvsCommand.NEW_SERVICE;
      case GET_DEST -> IpvsCommand.NEW_DEST;
      case GET_DAEMON -> IpvsCommand.NEW_DAEMON;
      case GET_CONFIG -> IpvsCommand.SET_CONFIG;
      case GET_INFO -> IpvsCommand.SET_INFO;
      default -> fail("an answer to " + command + " (expected: an acknowledgement alone)");
    };
  }

  static <T> T value(Decoding<T> decoding) {
    return switch (decoding) {
      case Decoded<T>(var value) -> value;
      case Malformed<T>(var reason) -> fail("decoding: " + reason + " (expected: a message)");
    };
  }
}
