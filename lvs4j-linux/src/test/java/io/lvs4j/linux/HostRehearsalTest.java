package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.Descriptor;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRehearsalTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, PROCESS_DEVICE",
    "192.0.2.7, REFRESHED_LIFETIME",
    "2001:db8::7, REFRESHED_LIFETIME"
  })
  void everyTakeoverIsCarriedThroughAndNothingIsLeftOpen(String address, AddressMechanism mechanism)
      throws HostNetworkException {
    var before = Descriptor.open();
    var claim = VirtualAddressClaim.of("lo", InetAddress.ofLiteral(address));
    assertThat(HostRehearsal.of(claim).run(mechanism))
        .isEqualTo(HostRehearsal.TAKEOVERS * HostRehearsal.ANNOUNCEMENTS);
    assertThat(Descriptor.open()).isEqualTo(before);
  }
}
