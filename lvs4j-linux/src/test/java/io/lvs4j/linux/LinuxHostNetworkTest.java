package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Descriptor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinuxHostNetworkTest {
  private static final byte[] MESSAGE = {0x31, 51, (byte) 150, 1, 0, 100, 0x38, 0x22};
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private TwoHosts hosts;
  private LinuxHostNetwork ours;
  private LinuxHostNetwork theirs;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
    ours = in(hosts.here(), LinuxHostNetwork::open);
    theirs = in(hosts.there(), LinuxHostNetwork::open);
  }

  @AfterEach
  void disconnect() throws Exception {
    try (var all = hosts) {
      if (ours != null) {
        ours.close();
      }
      if (theirs != null) {
        theirs.close();
      }
    }
    assertThat(Descriptor.open()).isEmpty();
  }

  @Test
  void multicastAdvertsArriveWithSourceDestinationAndHopLimit() throws Exception {
    var group = address("224.0.0.18");
    var sender =
        in(
            hosts.here(),
            () ->
                ours.openVrrp(VrrpChannelSettings.multicast("eth0", address("10.77.0.1"), group)));
    var receiver =
        in(
            hosts.there(),
            () ->
                theirs.openVrrp(
                    VrrpChannelSettings.multicast("eth0", address("10.77.0.2"), group)));

    sender.send(MESSAGE, group);

    assertThat(next(theirs, HostEvent.MessageReceived.class))
        .isEqualTo(
            new HostEvent.MessageReceived(receiver, address("10.77.0.1"), group, 255, MESSAGE));
    assertThat(ours.await(System.nanoTime())).as("our own adverts").isEmpty();
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException notOne) {
      throw new AssertionError(notOne);
    }
  }

  private static <T extends HostEvent> T next(LinuxHostNetwork network, Class<T> kind)
      throws Exception {
    return next(network, kind, _ -> true);
  }

  private static <T extends HostEvent> T next(
      LinuxHostNetwork network, Class<T> kind, Predicate<T> which) throws Exception {
    long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
    var others = new ArrayList<HostEvent>();
    while (deadline - System.nanoTime() > 0) {
      for (var event : network.await(deadline)) {
        if (kind.isInstance(event) && which.test(kind.cast(event))) {
          return kind.cast(event);
        }
        others.add(event);
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " but " + others);
  }
}
