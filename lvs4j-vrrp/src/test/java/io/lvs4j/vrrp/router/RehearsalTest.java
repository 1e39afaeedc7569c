package io.lvs4j.vrrp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HostNetworkException;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void aBackupTakesOverAgainAndAgain() throws HostNetworkException {
    assertThat(Rehearsal.run()).isEqualTo(Rehearsal.ELECTIONS);
  }
}
