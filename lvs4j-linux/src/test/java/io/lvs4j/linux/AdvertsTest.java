package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostEvent.MessageReceived;
import io.lvs4j.api.host.VrrpChannelSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adverts between two hosts. */
class AdvertsTest extends BetweenTwoHosts {
  @Test
  void multicastAdvertsArriveWithSourceDestinationAndHopLimit() throws Exception {
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    var receiver = open(hosts.there(), theirs, multicast(THEIR_ADDRESS));

    sender.send(MESSAGE, GROUP);

    assertThat(next(theirs, MessageReceived.class))
        .isEqualTo(new MessageReceived(receiver, OUR_ADDRESS, GROUP, 255, MESSAGE));
    assertThat(ours.await(System.nanoTime())).as("our own adverts").isEmpty();
  }

  @Test
  void multicastAdvertsTravelOverIpv6FromTheLinkLocalAddress() throws Exception {
    var group = address("ff02::12");
    var ourLinkLocal = linkLocal(hosts.here(), ours);
    var theirLinkLocal = linkLocal(hosts.there(), theirs);
    var sender =
        open(hosts.here(), ours, VrrpChannelSettings.multicast("eth0", ourLinkLocal, group));
    var receiver =
        open(hosts.there(), theirs, VrrpChannelSettings.multicast("eth0", theirLinkLocal, group));

    sender.send(MESSAGE, group);

    assertThat(next(theirs, MessageReceived.class))
        .isEqualTo(new MessageReceived(receiver, ourLinkLocal, group, 255, MESSAGE));
    assertThat(ours.await(System.nanoTime())).as("our own adverts").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.77.0.1, 10.77.0.2", "2001:db8:77::1, 2001:db8:77::2"})
  void theArrivalIsWhenTheKernelHadItAndNotWhenItIsRead(String source, String peer)
      throws Exception {
    var sender =
        open(
            hosts.here(), ours, VrrpChannelSettings.unicast(Optional.empty(), address(source), 64));
    open(hosts.there(), theirs, VrrpChannelSettings.unicast(Optional.empty(), address(peer), 64));

    // The kernel begins to note arrivals some time after the first socket asks for them.
    await()
        .untilAsserted(() -> {
          long sending = System.nanoTime();
          sender.send(MESSAGE, address(peer));
          long sent = System.nanoTime();
          var unread = Duration.ofMillis(300);
          await().until(() -> System.nanoTime() - sent > unread.toNanos());

          long arrived = next(theirs, MessageReceived.class).arrivedNanos().orElseThrow();
          assertThat(arrived - sending).isGreaterThan(-unread.toNanos() / 2);
          assertThat(arrived - sent).isLessThan(unread.toNanos() / 2);
        });
  }

  @ParameterizedTest
  @CsvSource({"10.77.0.1, 10.77.0.2", "2001:db8:77::1, 2001:db8:77::2"})
  void unicastAdvertsArriveAtThePeerWithTheHopLimitThatWasSet(String source, String peer)
      throws Exception {
    var sender =
        open(
            hosts.here(),
            ours,
            VrrpChannelSettings.unicast(Optional.of("eth0"), address(source), 255));
    var receiver =
        open(
            hosts.there(),
            theirs,
            VrrpChannelSettings.unicast(Optional.empty(), address(peer), 64));

    sender.send(MESSAGE, address(peer));
    assertThat(next(theirs, MessageReceived.class))
        .isEqualTo(new MessageReceived(receiver, address(source), address(peer), 255, MESSAGE));

    receiver.send(MESSAGE, address(source));
    assertThat(next(ours, MessageReceived.class).hopLimit()).isEqualTo(64);
  }

  @Test
  void multicastChannelsAreDeafToUnicast() throws Exception {
    var multicast = open(hosts.there(), theirs, multicast(THEIR_ADDRESS));
    var unicast =
        open(
            hosts.there(),
            theirs,
            VrrpChannelSettings.unicast(Optional.of("eth0"), THEIR_ADDRESS, 255));
    var sender =
        open(
            hosts.here(), ours, VrrpChannelSettings.unicast(Optional.of("eth0"), OUR_ADDRESS, 255));

    sender.send(MESSAGE, THEIR_ADDRESS);

    assertThat(next(theirs, MessageReceived.class).channel()).isSameAs(unicast);
    assertThat(theirs.await(System.nanoTime())).isEmpty();
    multicast.close();
  }

  @Test
  void whatArrivedIsReadBeforeAPassedDeadlineIsBelieved() throws Exception {
    open(hosts.there(), theirs, multicast(THEIR_ADDRESS));
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    long deadline = System.nanoTime();
    for (int i = 0; i < 600; i++) {
      sender.send(new byte[] {(byte) (i >> 8), (byte) i}, GROUP);
    }

    var heard = new ArrayList<Integer>();
    List<HostEvent> events;
    int calls = 0;
    while (!(events = theirs.await(deadline)).isEmpty()) {
      calls++;
      for (var event : events) {
        byte[] message = ((MessageReceived) event).message();
        heard.add((message[0] & 0xff) << 8 | (message[1] & 0xff));
      }
    }

    assertThat(heard).hasSize(600).isSorted();
    assertThat(calls).as("calls, for a flood must leave room").isGreaterThan(1);
  }

  @Test
  void closedChannelsAreHeardNoMore() throws Exception {
    var receiver = open(hosts.there(), theirs, multicast(THEIR_ADDRESS));
    var sender = open(hosts.here(), ours, multicast(OUR_ADDRESS));
    receiver.close();
    receiver.close();

    sender.send(MESSAGE, GROUP);

    assertThat(theirs.await(System.nanoTime())).isEmpty();
  }

  /** Two processes of a host with the same virtual router; a host network stands for each. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherProcessOfThisHostIsHeardAndThisOneIsNot(boolean ipv6) throws Exception {
    var settings =
        ipv6
            ? VrrpChannelSettings.multicast(
                "eth0", linkLocal(hosts.here(), ours), address("ff02::12"))
            : multicast(OUR_ADDRESS);
    try (var other = in(hosts.here(), LinuxHostNetwork::open)) {
      var sender = open(hosts.here(), ours, settings);
      var theirs = open(hosts.here(), other, settings);
      // A channel of this process that hears the same says nothing of it either.
      open(
          hosts.here(),
          ours,
          VrrpChannelSettings.multicast(
              "eth0",
              ipv6 ? settings.source() : address("10.77.0.1"),
              settings.group().orElseThrow()));
      for (int i = 0; i < 3; i++) {
        inHere(() -> sender.send(MESSAGE, settings.group().orElseThrow()));
        assertThat(next(other, MessageReceived.class).source()).isEqualTo(settings.source());
        assertThat(ours.await(System.nanoTime())).as("what this one has sent").isEmpty();
      }
      inHere(() -> theirs.send(MESSAGE, settings.group().orElseThrow()));
      assertThat(next(ours, MessageReceived.class).message())
          .as("the same message, sent by somebody else")
          .isEqualTo(MESSAGE);
    }
  }
}
