package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.netlink.GenericMessage;
import io.lvs4j.linux.netlink.NetlinkMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The client itself makes the recorded requests, but for those that are wrong on purpose. */
class ClientReplayTest {
  @Test
  void onlyRequestsThatAreWrongOnPurposeHaveNoMethod() throws Exception {
    var recording =
        new ObjectMapper()
            .readTree(Path.of("src/test/resources/kernel-traces/netlink.json").toFile());
    var without = new ArrayList<String>();
    int with = 0;
    for (var recorded : recording.path("exchanges")) {
      var exchange = Exchange.of(recorded);
      if (exchange.isShape() || exchange.label().startsWith("CTRL_CMD_GETFAMILY")) {
        continue;
      }
      byte[] request = exchange.request();
      var netlink = TraceReplay.value(NetlinkMessage.decode(request, request.length)).getFirst();
      var message =
          TraceReplay.value(GenericMessage.decode(netlink.payload()).then(IpvsMessage::decode));
      if (new ClientReplay(exchange, message).run()) {
        with++;
      } else {
        without.add(exchange.label());
      }
    }
    assertThat(without)
        .containsExactlyInAnyOrder(
            "SET_CONFIG tcp=-1",
            "NEW_SERVICE without scheduler/flags/timeout/netmask",
            "GET_DEST without NLM_F_DUMP");
    assertThat(with).isEqualTo(39);
  }
}
