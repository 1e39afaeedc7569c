package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.StartException;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.linux.realserver.RealServerSide;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server needs, done and taken back on a real host. */
class RealServerSideTest {
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");
  private static final InetAddress SECOND = InetAddress.ofLiteral("10.77.0.101");
  private static final InetAddress SIXTH = InetAddress.ofLiteral("2001:db8:77::100");

  @TempDir private Path memory;
  private LabNetwork network;
  private Host host;

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    network = LabNetwork.of("real", "asking");
    host = network.host("real");
  }

  @AfterEach
  void close() {
    Optional.ofNullable(network).ifPresent(LabNetwork::close);
  }

  private RealServerSide.Builder side(InetAddress address) {
    return RealServerSide.of(address).memory(memory);
  }

  private RealServerSide open(InetAddress address) {
    return host.call(() -> side(address).open());
  }

  private List<String> undo(InetAddress address) {
    return host.call(() -> side(address).undo());
  }

  private void close(RealServerSide side) {
    host.call(() -> {
      side.close();
      return side;
    });
  }

  private String settings() {
    return host.run(
            "cat",
            "/proc/sys/net/ipv4/conf/all/arp_ignore",
            "/proc/sys/net/ipv4/conf/all/arp_announce")
        .replace("\n", " ")
        .strip();
  }

  private boolean isOnLoopback(InetAddress address) {
    return host.ip("-oneline address show dev lo").contains(address.getHostAddress() + "/32 ");
  }

  @Test
  void nobodyIsToldOfTheAddressAndAllIsAsBeforeInTheEnd() {
    var before = host.ip("-oneline address show");

    var side = open(VIP);

    assertThat(isOnLoopback(VIP)).isTrue();
    assertThat(settings()).isEqualTo("1 2");
    var asking = network.host("asking");
    assertThatThrownBy(() -> asking.run("ping", "-c1", "-W1", VIP.getHostAddress()))
        .as("no answer to ARP")
        .isInstanceOf(IllegalStateException.class);
    close(side);
    close(side);

    assertThat(settings()).isEqualTo("0 0");
    assertThat(host.ip("-oneline address show")).isEqualTo(before);
  }

  @Test
  void whatAKilledProcessHasLeftIsTakenUpOrTakenBack() {
    open(VIP); // and never closed
    open(VIP);

    assertThat(undo(VIP))
        .containsExactly(
            "10.77.0.100 taken from lo",
            "net.ipv4.conf.all.arp_announce is 0 again",
            "net.ipv4.conf.all.arp_ignore is 0 again");
    assertThat(settings()).isEqualTo("0 0");
    assertThat(undo(VIP)).as("again").isEmpty();
  }

  @Test
  void whatAnotherAddressNeedsStaysUntilItGoesToo() {
    var one = open(VIP);
    var two = open(SECOND);

    close(one);
    assertThat(isOnLoopback(VIP)).isFalse();
    assertThat(settings()).isEqualTo("1 2");
    close(two);

    assertThat(settings()).isEqualTo("0 0");
  }

  @Test
  void whatSomebodyElseHasDoneStays() {
    host.ip("address add 10.77.0.101/32 dev lo");
    host.set("net/ipv4/conf/all/arp_ignore", "2");
    var one = open(VIP);
    var two = open(SECOND);
    host.set("net/ipv4/conf/all/arp_announce", "1");

    close(one);
    close(two);

    assertThat(isOnLoopback(SECOND)).isTrue();
    assertThat(settings()).isEqualTo("2 1");
  }

  @Test
  void anAddressThatTheHostAnswersForIsRefused() {
    host.ip("address add 10.77.0.100/24 dev eth0");

    assertThatThrownBy(() -> open(VIP))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("it is on eth0, where this host answers for it");
    assertThat(settings()).isEqualTo("0 0");
  }

  @Test
  void ipv6NeedsTheAddressOnly() {
    var side = open(SIXTH);

    assertThat(host.ip("-6 -oneline address show dev lo")).contains("2001:db8:77::100/128");
    assertThat(settings()).isEqualTo("0 0");
    close(side);
    assertThat(host.ip("-6 -oneline address show dev lo")).doesNotContain("2001:db8:77::100");
  }
}
