package io.lvs4j.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.ScriptedKernel;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.netlink.RouteMonitor.News;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel is one function here, from request to replies. */
class RouteNetlinkTest {
  private static final InterfaceAddress ADDRESS =
      new InterfaceAddress(
          2, InetAddress.ofLiteral("10.77.0.100"), 24, 0, 0, Optional.empty(), Lifetime.FOREVER);

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(Descriptor.open()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusalsCarryTheKernelsOwnWords(boolean capped) throws Exception {
    try (var route =
        client(asked ->
            List.of(
                NetlinkScript.acknowledgement(
                    asked, -22, Optional.of("ipv4: Invalid prefix"), capped)))) {
      assertThatThrownBy(() -> route.put(ADDRESS))
          .isInstanceOf(HostNetworkException.class)
          .hasMessage(
              "add address 10.77.0.100/24 on interface 2: EINVAL"
                  + " (the kernel says: ipv4: Invalid prefix)");
    }
  }

  @Test
  void refusalsWithoutWordsSayWhatWouldHelp() throws Exception {
    try (var route =
        client(
            asked -> List.of(NetlinkScript.acknowledgement(asked, -19, Optional.empty(), true)))) {
      assertThatThrownBy(() -> route.put(ADDRESS))
          .hasMessage(
              "add address 10.77.0.100/24 on interface 2: ENODEV"
                  + " (no such interface in this network namespace)");
      assertThat(route.delete(ADDRESS)).as("deleted").isFalse();
      assertThat(route.link("eth9")).isEmpty();
    }
  }

  @Test
  void tablesThatChangeWhileTheyAreReadAreReadAgain() throws Exception {
    int[] readings = {0};
    try (var route =
        client(asked -> {
          boolean interrupted = ++readings[0] < 3;
          var row =
              new NetlinkMessage(
                  Link.RTM_NEWLINK,
                  interrupted ? NetlinkMessage.NLM_F_DUMP_INTR : 0,
                  asked.sequence(),
                  1,
                  NetlinkScript.eth0());
          return NetlinkScript.table(asked, row);
        })) {
      assertThat(route.links()).extracting(Link::name).containsExactly("eth0");
      assertThat(readings[0]).isEqualTo(3);
    }
  }

  @Test
  void tablesThatNeverHoldStillAreGivenUp() throws Exception {
    try (var route =
        client(asked ->
            NetlinkScript.table(
                asked,
                new NetlinkMessage(
                    Link.RTM_NEWLINK,
                    NetlinkMessage.NLM_F_DUMP_INTR,
                    asked.sequence(),
                    1,
                    NetlinkScript.eth0())))) {
      assertThatThrownBy(route::links).hasMessage("list links: changed during each of 10 readings");
    }
  }

  @Test
  void answersToOthersAreSkipped() throws Exception {
    try (var route =
        client(asked -> {
          var stranger =
              new NetlinkMessage(
                  NetlinkMessage.NLMSG_ERROR, 0, asked.sequence() - 1, 1, new byte[] {1});
          return List.of(
              stranger.encode(), NetlinkScript.acknowledgement(asked, 0, Optional.empty(), true));
        })) {
      route.put(ADDRESS);
    }
  }

  @Test
  void silenceIsTold() throws Exception {
    try (var route = client(_ -> List.of())) {
      assertThatThrownBy(route::links).hasMessage("list links: no answer within 5 s");
    }
  }

  @Test
  void nonsenseIsTold() throws Exception {
    try (var route = client(_ -> List.of(new byte[5]))) {
      assertThatThrownBy(route::links)
          .hasMessage("list links: netlink header: 5 bytes (expected: 16)");
    }
    try (var route = client(_ -> List.of(new byte[40_000]))) {
      assertThatThrownBy(route::links).hasMessageContaining("an answer longer than 32768 bytes");
    }
  }

  @Test
  void lostNewsAreTold() throws Exception {
    var kernel = new ScriptedKernel(_ -> List.of());
    try (var monitor = RouteMonitor.open(kernel)) {
      assertThat(monitor.read()).isEmpty();
      kernel.failing(0, Errno.ENOBUFS);
      assertThat(monitor.read())
          .containsExactly(new News.Lost("the kernel had no room for all of them"));
    }
  }

  private static RouteNetlink client(Function<NetlinkMessage, List<byte[]>> kernel)
      throws HostNetworkException {
    return RouteNetlink.open(
        new ScriptedKernel(request -> kernel.apply(NetlinkScript.only(request))));
  }
}
