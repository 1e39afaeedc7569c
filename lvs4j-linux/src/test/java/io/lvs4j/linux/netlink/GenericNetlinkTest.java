package io.lvs4j.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.ScriptedKernel;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.SystemCallException;
import io.lvs4j.linux.netlink.GenericNetlink.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel is one function here, from request to replies; its family TEST has the number 77. */
class GenericNetlinkTest {
  private static final int GENL_ID_CTRL = 0x10;
  private static final int TEST = 77;

  private final List<byte[]> sent = new ArrayList<>();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(Descriptor.open()).isEmpty();
  }

  @Test
  void aFamilyIsFoundByItsName() throws Exception {
    try (var netlink = client(_ -> List.of())) {
      assertThat(netlink.id()).isEqualTo(TEST);
      assertThat(netlink.family()).isEqualTo("TEST");
    }
  }

  @Test
  void aFamilyThatIsNotThereIsTold() {
    var kernel =
        new ScriptedKernel(request ->
            List.of(
                NetlinkScript.acknowledgement(
                    NetlinkScript.only(request), -2, Optional.empty(), true)));
    assertThatThrownBy(() -> GenericNetlink.open(kernel, "NONE"))
        .isInstanceOfSatisfying(
            SystemCallException.class, refused -> assertThat(refused.errno().code()).isEqualTo(2))
        .hasMessage("look up the generic netlink family NONE: ENOENT");
    assertThat(kernel.openDescriptors()).isEmpty();
  }

  @Test
  void anObjectIsAskedForWithoutAnAcknowledgement() throws Exception {
    try (var netlink =
        client(asked -> List.of(row(asked, Attributes.none().with16(1, 42)).encode()))) {
      var answer = netlink.get("get", 5, Attributes.none().with8(3, 9));
      assertThat(answer.attributes().number16(1)).hasValue(42);
      assertThat(answer.command()).isEqualTo(5);
      assertThat(NetlinkScript.only(sent.getLast()).flags())
          .isEqualTo(NetlinkMessage.NLM_F_REQUEST);
    }
  }

  @Test
  void aTableOfManyDatagramsIsRead() throws Exception {
    try (var netlink =
        client(asked -> {
          var rows = new NetlinkMessage[1000];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = row(asked, Attributes.none().with(1, i));
          }
          return NetlinkScript.table(asked, rows);
        })) {
      assertThat(netlink.dump("list", 5, Attributes.none()))
          .extracting(row -> row.attributes().number32(1).getAsLong())
          .hasSize(1000)
          .isSorted();
    }
  }

  @Test
  void aBatchIsSentInFewDatagramsAndOnlyTheirLastIsAcknowledged() throws Exception {
    try (var netlink = client(GenericNetlinkTest::acknowledgingTheLast)) {
      assertThat(netlink.executeAll(requests(200, 100))).isEmpty();
    }
    assertThat(sent).hasSize(1 + 4);
    for (byte[] datagram : sent.subList(1, sent.size())) {
      var messages = messages(datagram);
      assertThat(messages).hasSizeLessThanOrEqualTo(NetlinkBatch.MOST_REQUESTS);
      int last = messages.size() - 1;
      for (int i = 0; i <= last; i++) {
        int ack = i == last ? NetlinkMessage.NLM_F_ACK : 0;
        assertThat(messages.get(i).flags()).isEqualTo(NetlinkMessage.NLM_F_REQUEST | ack);
      }
    }
    assertThat(sent.stream().skip(1).flatMap(datagram -> messages(datagram).stream()))
        .extracting(message -> GenericMessage.decode(message.payload()))
        .hasSize(200)
        .allMatch(decoding ->
            decoding instanceof Decoding.Decoded<GenericMessage>(var message)
                && message.attributes().bytes(1).orElseThrow().length == 100);
  }

  @Test
  void longRequestsMakeMoreDatagrams() throws Exception {
    try (var netlink = client(GenericNetlinkTest::acknowledgingTheLast)) {
      assertThat(netlink.executeAll(requests(10, 9000))).isEmpty();
      assertThat(netlink.executeAll(requests(2, 40_000))).isEmpty();
      assertThat(netlink.executeAll(List.of())).isEmpty();
    }
    assertThat(sent).hasSize(1 + 4 + 2);
  }

  @Test
  void whatIsRefusedInABatchIsToldByItsPlace() throws Exception {
    try (var netlink =
        client(asked -> {
          int number = number(asked);
          boolean refused = number % 50 == 0;
          return refused || (asked.flags() & NetlinkMessage.NLM_F_ACK) != 0
              ? List.of(
                  NetlinkScript.acknowledgement(asked, refused ? -17 : 0, Optional.empty(), true))
              : List.of();
        })) {
      assertThat(netlink.executeAll(requests(200, 8)))
          .extracting(refused -> refused.index() + " " + refused.why().getMessage())
          .containsExactly(
              "0 request 0: EEXIST",
              "50 request 50: EEXIST",
              "100 request 100: EEXIST",
              "150 request 150: EEXIST");
    }
  }

  @Test
  void aBatchWithoutAnAnswerIsTold() throws Exception {
    try (var netlink = client(_ -> List.of())) {
      assertThatThrownBy(() -> netlink.executeAll(requests(3, 8)))
          .isInstanceOf(HostNetworkException.class)
          .isNotInstanceOf(SystemCallException.class)
          .hasMessage("request 0 and 2 more: no answer");
    }
  }

  @Test
  void answersThatAreNoneAreTold() throws Exception {
    try (var netlink =
        client(
            asked -> List.of(NetlinkScript.answer(asked, TEST, new byte[] {1, 2, 3}).encode()))) {
      assertThatThrownBy(() -> netlink.get("get", 5, Attributes.none()))
          .hasMessage("get: generic netlink header: 3 bytes (expected: 4 or more)");
    }
    try (var netlink =
        client(asked -> List.of(NetlinkScript.acknowledgement(asked, 0, Optional.empty(), true)))) {
      assertThatThrownBy(() -> netlink.get("get", 5, Attributes.none()))
          .hasMessage("get: an answer without an object (expected: one)");
    }
  }

  @Test
  void eachFailingCallIsNamedAndNothingStaysOpen() {
    for (int call = 0; call < 8; call++) {
      for (int code = 1; code <= 133; code++) {
        var kernel = kernel(asked -> List.of()).failing(call, new Errno(code));
        try (var netlink = GenericNetlink.open(kernel, "TEST")) {
          assertThat(netlink.id()).isEqualTo(TEST);
        } catch (HostNetworkException refused) {
          assertThat(refused).hasMessageContaining(": ");
        }
        assertThat(kernel.openDescriptors()).as("after call %s, errno %s", call, code).isEmpty();
      }
    }
  }

  private static List<Request> requests(int count, int length) {
    var requests = new ArrayList<Request>();
    for (int i = 0; i < count; i++) {
      requests.add(
          new Request("request " + i, 1, Attributes.none().with(1, new byte[length]).with(2, i)));
    }
    return requests;
  }

  private static int number(NetlinkMessage asked) {
    return GenericMessage.decode(asked.payload())
            instanceof Decoding.Decoded<GenericMessage>(var message)
        ? message.attributes().number(2).orElse(-1)
        : -1;
  }

  private static List<byte[]> acknowledgingTheLast(NetlinkMessage asked) {
    return (asked.flags() & NetlinkMessage.NLM_F_ACK) != 0
        ? List.of(NetlinkScript.acknowledgement(asked, 0, Optional.empty(), true))
        : List.of();
  }

  private static NetlinkMessage row(NetlinkMessage asked, Attributes attributes) {
    return NetlinkScript.answer(asked, TEST, new GenericMessage(5, 1, attributes).encode());
  }

  private static List<NetlinkMessage> messages(byte[] datagram) {
    return ((Decoding.Decoded<List<NetlinkMessage>>)
            NetlinkMessage.decode(datagram, datagram.length))
        .value();
  }

  private GenericNetlink client(Function<NetlinkMessage, List<byte[]>> answers)
      throws HostNetworkException {
    return GenericNetlink.open(kernel(answers), "TEST");
  }

  private ScriptedKernel kernel(Function<NetlinkMessage, List<byte[]>> answers) {
    return new ScriptedKernel(datagram -> {
      sent.add(datagram);
      return messages(datagram).stream()
          .flatMap(asked ->
              (asked.type() == GENL_ID_CTRL ? family(asked) : answers.apply(asked)).stream())
          .toList();
    });
  }

  private static List<byte[]> family(NetlinkMessage asked) {
    var attributes = Attributes.none().with(2, "TEST").with16(1, TEST).with(3, 1);
    return List.of(
        NetlinkScript.answer(asked, GENL_ID_CTRL, new GenericMessage(1, 2, attributes).encode())
            .encode());
  }
}
