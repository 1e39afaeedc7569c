package io.lvs4j.lab.vrrp;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.LabNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The harness itself, with two keepaliveds. */
class DuelTest {
  @Test
  void twoKeepalivedsShareAnAddress() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    Capture.obstacle().ifPresent(Assumptions::abort);
    var keepalived = RouterProgram.keepalived();
    Assumptions.assumeTrue(keepalived.isPresent(), "keepalived is not installed");
    try (var duel =
        Duel.of(keepalived.get(), keepalived.get(), Dialect.V3, Duration.ofMillis(100))) {
      new Story(duel).tell();
    }
  }
}
