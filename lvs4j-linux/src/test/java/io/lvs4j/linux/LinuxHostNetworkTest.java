package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannelSettings;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting, waking and refusals. */
class LinuxHostNetworkTest extends BetweenTwoHosts {
  @Test
  void wakingEndsTheWaitOfAnotherThread() throws Exception {
    var waker = Thread.ofVirtual().start(ours::wakeUp);

    assertThat(ours.await(System.nanoTime() + Duration.ofHours(1).toNanos())).isEmpty();

    waker.join();
  }

  @Test
  void wakingBeforeTheWaitEndsItOnce() throws Exception {
    ours.wakeUp();
    ours.wakeUp();

    assertThat(ours.await(System.nanoTime() + Duration.ofHours(1).toNanos())).isEmpty();
    // News of an interface that nobody watches end no wait either.
    ip(hosts.here(), "link add eth7 type veth peer name eth8");
    long deadline = System.nanoTime() + Duration.ofMillis(50).toNanos();
    assertThat(ours.await(deadline)).isEmpty();
    assertThat(System.nanoTime() - deadline).as("time past the deadline").isNotNegative();
  }

  @Test
  void wakingAfterTheEndDoesNothing() {
    ours.close();
    ours.wakeUp();
    ours.close();
  }

  @Test
  void missingInterfacesAreNamed() {
    assertThatThrownBy(() ->
            open(hosts.here(), ours, VrrpChannelSettings.multicast("eth9", OUR_ADDRESS, GROUP)))
        .hasMessage("open VRRP on eth9: no such interface in this network namespace");
    assertThatThrownBy(() -> inHere(() -> ours.claim(VirtualAddressClaim.of("eth9", VIP))))
        .hasMessageContaining("eth9: no such interface");
    assertThatThrownBy(() -> inHere(() -> ours.announce("eth9", VIP)))
        .hasMessageContaining("eth9: no such interface");
  }

  @Test
  void sourcesThatAreNotOfThisHostAreNamed() {
    assertThatThrownBy(() ->
            open(
                hosts.here(),
                ours,
                VrrpChannelSettings.unicast(Optional.of("eth0"), address("10.9.9.9"), 255)))
        .isInstanceOf(HostNetworkException.class)
        .hasMessage(
            "VRRP receive socket on eth0: bind to 10.9.9.9: EADDRNOTAVAIL"
                + " (this host has no such address)");
  }

  @Test
  void sendingOnAnInterfaceThatIsDownFailsWithTheReason() throws Exception {
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    ip(hosts.here(), "link set eth0 down");

    assertThatThrownBy(() -> sender.send(MESSAGE, GROUP))
        .isInstanceOf(HostNetworkException.class)
        .hasMessageStartingWith("send to 224.0.0.18 on eth0: E");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1.9S", "PT61M"})
  void lifetimesOutsideOfTheirRangeAreRefused(Duration lifetime) {
    assertThatThrownBy(() -> LinuxHostNetwork.builder().addressLifetime(lifetime))
        .hasMessage("address lifetime: " + lifetime + " (expected: PT2S-PT1H)");
  }
}
