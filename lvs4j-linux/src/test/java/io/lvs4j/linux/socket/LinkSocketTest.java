package io.lvs4j.linux.socket;

import static io.lvs4j.linux.TwoHosts.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.linux.TwoHosts;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packet filter of the kernel, which must let through what is watched and nothing else. */
@Timeout(180)
class LinkSocketTest {
  private static final HardwareAddress STATION = new HardwareAddress(0x0200_0000_0077L);

  private final NativeKernel kernel = new NativeKernel();
  private TwoHosts hosts;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
  }

  @AfterEach
  void disconnect() throws Exception {
    if (hosts != null) {
      hosts.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.77.0.%s", "2001:db8:77::%s", "2001:db8:%s::77", "%s:db8::77"})
  void hearsOfWatchedAddressesOnly(String pattern) throws Exception {
    var addresses =
        Stream.of(100, 101, 102, 103)
            .map(number -> InetAddress.ofLiteral(pattern.formatted(number)))
            .toList();
    try (var socket = open(hosts.here(), addresses.getFirst());
        var announcer = open(hosts.there(), addresses.getFirst())) {
      assertThat(heard(socket, announcer, addresses)).as("before watching").isEmpty();

      socket.watch(List.of(addresses.get(1), addresses.get(3)));
      assertThat(heard(socket, announcer, addresses))
          .containsExactly(
              new LinkSender(STATION, addresses.get(1)), new LinkSender(STATION, addresses.get(3)));

      socket.watch(List.of());
      assertThat(heard(socket, announcer, addresses)).as("after watching").isEmpty();
    }
  }

  private static List<LinkSender> heard(
      LinkSocket socket, LinkSocket announcer, List<InetAddress> addresses) throws Exception {
    for (var address : addresses) {
      announcer.announce(STATION, address, false);
    }
    var heard = new ArrayList<LinkSender>();
    socket.receive(100, (station, address) -> heard.add(new LinkSender(station, address)));
    return heard;
  }

  private LinkSocket open(NetworkNamespace host, InetAddress address) throws Exception {
    return in(
        host,
        () -> {
          try (var route = RouteNetlink.open(kernel)) {
            int index = route.link("eth0").orElseThrow().index();
            return LinkSocket.open(kernel, "eth0", index, address.getAddress().length == 16);
          }
        });
  }
}
