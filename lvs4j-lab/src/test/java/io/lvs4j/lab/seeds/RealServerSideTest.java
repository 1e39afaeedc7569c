package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.StartException;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.linux.realserver.RealServerSide;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real server needs, done and taken back on a real host. */
class RealServerSideTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
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

  /** As processes, for only those can be killed: {@code lvs4j real-server}. */
  @Test
  @Timeout(120)
  void oneProcessHasTheAddressAndWhatItLeavesWhenKilledIsTakenUpOrTakenBack() {
    try (var workspace = Workspace.create()) {
      var first = ready(workspace);

      var second = start(workspace);
      await().atMost(LONG_ENOUGH).until(() -> !second.isAlive());
      assertThat(second.log())
          .contains("real server side of 10.77.0.100: process " + first.pid() + " has it")
          .doesNotContain("lvs4j ready");
      assertThat(isOnLoopback(VIP)).as("what the first has").isTrue();
      assertThat(settings()).isEqualTo("1 2");

      first.kill();
      assertThat(isOnLoopback(VIP)).as("after kill -9").isTrue();
      ready(workspace).kill();
      var undo = host.call(() -> RealServerSide.of(VIP).undo());
      assertThat(undo)
          .containsExactly(
              "10.77.0.100 taken from lo",
              "net.ipv4.conf.all.arp_announce is 0 again",
              "net.ipv4.conf.all.arp_ignore is 0 again");
      assertThat(settings()).isEqualTo("0 0");
      assertThat(host.call(() -> RealServerSide.of(VIP).undo())).as("again").isEmpty();
    } finally {
      forget();
    }
  }

  /** The program has no other place for what it remembers than that of all hosts. */
  private void forget() {
    var namespace =
        host.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString())
            .replaceAll("[^0-9]", "");
    host.run(
        "rm",
        "-rf",
        RealServerSide.MEMORY.resolve(namespace).toString(),
        RealServerSide.MEMORY.resolve(namespace + ".held").toString());
  }

  private RunningProcess start(Workspace workspace) {
    return host.start(workspace, RunJvm.command("real-server", VIP.getHostAddress()));
  }

  private RunningProcess ready(Workspace workspace) {
    var process = start(workspace);
    await().atMost(LONG_ENOUGH).until(() -> process.log().startsWith("lvs4j ready"));
    return process;
  }

  @Test
  void oneOfThisProcessHasTheAddress() {
    var first = open(VIP);

    assertThatThrownBy(() -> open(VIP))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("real server side of 10.77.0.100: this process has it");
    assertThat(isOnLoopback(VIP)).isTrue();
    close(first);
    close(open(VIP));

    assertThat(undo(VIP)).isEmpty();
    assertThat(settings()).isEqualTo("0 0");
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
