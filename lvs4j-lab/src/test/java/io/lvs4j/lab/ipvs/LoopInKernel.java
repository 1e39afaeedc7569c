package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.Seen.between;
import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.Family.endpoint;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two directors that are each other's real servers. With the same rules on both, what one forwards
 * the other may schedule once more.
 */
class LoopInKernel {
  private static final int CONNECTIONS = 8;

  private final InetAddress vip = IPV4.virtualAddress();
  private final LvsSite site = LvsSite.of(2, 0);
  private final Host master = site.director(1);
  private final Host backup = site.director(2);

  @BeforeEach
  void prepare() {
    site.hold(master, vip);
    site.serve(master, PORT);
    site.acceptDirect(backup, vip);
  }

  @AfterEach
  void close() {
    site.close();
  }

  private List<String> rules(String service) {
    return List.of(
        "-A " + service + " -s rr",
        "-a "
            + service
            + " -r "
            + endpoint(master.ipv4(), service.startsWith("-f") ? 0 : PORT)
            + " -g",
        "-a "
            + service
            + " -r "
            + endpoint(backup.ipv4(), service.startsWith("-f") ? 0 : PORT)
            + " -g");
  }

  private List<String> byAddress() {
    return rules("-t " + endpoint(vip, PORT));
  }

  private Capture connect() {
    var capture = site.capture();
    answered =
        IntStream.range(0, CONNECTIONS)
            .mapToObj(_ -> Session.once(site.client(), vip, PORT))
            .flatMap(answer -> answer.stream())
            .toList();
    return capture;
  }

  private List<String> answered = List.of();

  private void assertNothingComesBack(Capture capture) {
    assertThat(answered).as("answers").hasSize(CONNECTIONS);
    assertThat(answered.stream().distinct().toList()).as("both answer").hasSize(2);
    capture.awaitPackets(
        CONNECTIONS / 2, packet -> Seen.opening(packet) && between(master, backup).test(packet));
    assertThat(capture.packets(Seen::opening)).noneMatch(between(backup, master));
  }

  @Test
  void withTheSameRulesOnBothConnectionsGoAroundUntilTheirTimeIsUp() {
    new Ipvsadm(master).restore(byAddress());
    new Ipvsadm(backup).restore(byAddress());
    var capture = connect();
    assertThat(answered).as("answers").hasSizeLessThan(CONNECTIONS);
    assertThat(capture.awaitPackets(20, Seen::opening)).anyMatch(between(backup, master));
  }

  @Test
  void rulesOnTheMasterOnlyCureIt() {
    new Ipvsadm(master).restore(byAddress());
    assertNothingComesBack(connect());
  }

  @Test
  void aFirewallMarkForWhatIsNotFromTheOtherDirectorCuresIt() {
    for (Host director : List.of(master, backup)) {
      Host other = director == master ? backup : master;
      director.run(
          ("iptables-legacy -t mangle -A PREROUTING -d %s -p tcp --dport %d -m mac"
                  + " ! --mac-source %s -j MARK --set-mark 7")
              .formatted(vip.getHostAddress(), PORT, other.card())
              .split(" "));
      new Ipvsadm(director).restore(rules("-f 7"));
    }
    assertNothingComesBack(connect());
  }

  @Test
  void aBackupThatOnlySynchronizesCuresIt() {
    for (Host director : List.of(master, backup)) {
      new Ipvsadm(director).restore(byAddress());
    }
    backup.set("net/ipv4/vs/backup_only", "1");
    new Ipvsadm(master).run("--start-daemon master --mcast-interface eth0");
    new Ipvsadm(backup).run("--start-daemon backup --mcast-interface eth0");
    assertNothingComesBack(connect());
  }
}
