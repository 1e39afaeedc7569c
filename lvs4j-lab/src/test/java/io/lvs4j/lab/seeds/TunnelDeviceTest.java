package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.StartException;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.linux.realserver.RealServerSide;
import java.net.InetAddress;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real server behind a tunnel, on a kernel that has no such tunnels. */
class TunnelDeviceTest {
  @ParameterizedTest
  @CsvSource({
    "10.77.0.100, tunl0, modprobe ipip",
    "2001:db8:77::100, ip6tnl0, modprobe ip6_tunnel",
  })
  void aTunnelThatTheKernelDoesNotHaveIsRefusedWithItsRemedy(
      String address, String device, String remedy) {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    try (var workspace = Workspace.create();
        var network = LabNetwork.of("real")) {
      var real = network.host("real");
      Assumptions.assumeFalse(
          real.ip("-oneline link show").contains(device), "this kernel has " + device);
      var before = real.ip("-oneline address show");
      Callable<RealServerSide> open =
          RealServerSide.of(InetAddress.ofLiteral(address))
                  .memory(workspace.directory("memory"))
                  .tunnel()
              ::open;

      assertThatThrownBy(() -> real.call(open))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(device + " is not on this host")
          .hasMessageContaining(remedy);
      assertThat(real.ip("-oneline address show")).isEqualTo(before);
      assertThat(real.run("cat", "/proc/sys/net/ipv4/conf/all/arp_ignore")).isEqualTo("0\n");
    }
  }
}
