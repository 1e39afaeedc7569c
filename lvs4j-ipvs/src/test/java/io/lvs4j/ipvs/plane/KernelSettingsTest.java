package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which sysctls are told of, and what becomes of them, on files that stand for /proc/sys. */
class KernelSettingsTest {
  private static final PlaneLog LOG = new PlaneLog(System::nanoTime);
  @TempDir Path files;

  private void has(String name, String value) throws IOException {
    var file = KernelSettings.file(files, name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  private String value(String name) throws IOException {
    return Files.readString(KernelSettings.file(files, name)).strip();
  }

  @BeforeEach
  void asAfterBoot() throws IOException {
    has("net.ipv4.ip_forward", "0");
    has("net.ipv4.conf.all.send_redirects", "1");
    has("net.ipv4.conf.all.rp_filter", "1");
    has("net.ipv6.conf.all.forwarding", "0");
    has("net.ipv4.vs.expire_nodest_conn", "0");
    has("net.ipv4.vs.expire_quiescent_template", "0");
    has("net.ipv4.vs.conn_reuse_mode", "1");
    has("net.ipv4.vs.pmtu_disc", "1");
    has("net.ipv4.vs.run_estimation", "1");
    has("net.ipv4.vs.conntrack", "0");
  }

  private List<String> wrongFor(VirtualServer.Builder builder) {
    return KernelSettings.wrongFor(List.of(builder.build()), files).stream()
        .map(KernelSetting::name)
        .toList();
  }

  @Test
  void eachMethodHasItsOwnNeeds() throws IOException {
    assertThat(wrongFor(VirtualServer.tcp("10.0.0.1", 80)))
        .containsExactly(
            "net.ipv4.ip_forward",
            "net.ipv4.conf.all.send_redirects",
            "net.ipv4.vs.expire_nodest_conn");
    assertThat(wrongFor(VirtualServer.tcp("2001:db8::1", 80)))
        .containsExactly("net.ipv6.conf.all.forwarding", "net.ipv4.vs.expire_nodest_conn");
    var routed = VirtualServer.tcp("10.0.0.1", 80).forwarding(ForwardingMethod.DIRECT_ROUTING);
    assertThat(wrongFor(routed)).containsExactly("net.ipv4.vs.expire_nodest_conn");
    assertThat(
            wrongFor(
                routed.realServer(RealServer.of("10.0.0.2", 80).forwarding(ForwardingMethod.NAT))))
        .as("one server by NAT is enough")
        .contains("net.ipv4.ip_forward");
    var sticky = Persistence.byClientAddress(Duration.ofMinutes(6));
    assertThat(
            wrongFor(
                VirtualServer.firewallMark(1, AddressFamily.IPV4)
                    .forwarding(ForwardingMethod.TUNNEL)
                    .persistence(sticky)))
        .containsExactly(
            "net.ipv4.conf.all.rp_filter",
            "net.ipv4.vs.expire_nodest_conn",
            "net.ipv4.vs.expire_quiescent_template");
    has("net.netfilter.nf_conntrack_max", "65536");
    assertThat(wrongFor(VirtualServer.tcp("10.0.0.1", 80))).contains("net.ipv4.vs.conntrack");
  }

  @Test
  void eachIsToldWithWhatItIsFor() {
    assertThat(
            KernelSettings.wrongFor(List.of(VirtualServer.tcp("10.0.0.1", 80).build()), files)
                .getFirst())
        .hasToString(
            "net.ipv4.ip_forward: 0 (expected: 1, for the answers of NAT pass through this host)")
        .matches(KernelSetting::required);
  }

  @Test
  void whatIsNotAskedForIsNotSet() throws IOException {
    new SettingsKeeper(files, false, LOG).check(VirtualServer.tcp("10.0.0.1", 80).build());
    assertThat(value("net.ipv4.ip_forward")).isEqualTo("0");
  }

  @Test
  void whatIsSetIsPutBackUnlessSomebodyElseChangedIt() throws IOException {
    has("net.netfilter.nf_conntrack_max", "65536");
    var keeper = new SettingsKeeper(files, true, LOG);
    keeper.check(VirtualServer.tcp("10.0.0.1", 80).build());
    assertThat(value("net.ipv4.ip_forward")).isEqualTo("1");
    assertThat(value("net.ipv4.vs.expire_nodest_conn")).isEqualTo("1");
    assertThat(value("net.ipv4.vs.conntrack")).as("only ever told").isEqualTo("0");
    assertThat(wrongFor(VirtualServer.tcp("10.0.0.1", 80)))
        .containsExactly("net.ipv4.vs.conntrack");

    has("net.ipv4.conf.all.send_redirects", "7");
    keeper.restore();
    assertThat(value("net.ipv4.ip_forward")).isEqualTo("0");
    assertThat(value("net.ipv4.vs.expire_nodest_conn")).isEqualTo("0");
    assertThat(value("net.ipv4.conf.all.send_redirects")).isEqualTo("7");
  }

  @Test
  void redirectsAreAMatterOfEachInterfaceToo() throws IOException {
    has("net.ipv4.conf.all.send_redirects", "0");
    has("net.ipv4.conf.eth0.send_redirects", "1");
    has("net.ipv4.conf.eth0/100.send_redirects", "1");
    has("net.ipv4.conf.lo.send_redirects", "1");

    assertThat(wrongFor(VirtualServer.tcp("10.0.0.1", 80)))
        .containsExactly(
            "net.ipv4.ip_forward",
            "net.ipv4.conf.eth0.send_redirects",
            "net.ipv4.conf.eth0/100.send_redirects",
            "net.ipv4.vs.expire_nodest_conn");

    new SettingsKeeper(files, true, LOG).check(VirtualServer.tcp("10.0.0.1", 80).build());
    assertThat(value("net.ipv4.conf.eth0/100.send_redirects")).isEqualTo("0");
  }

  @Test
  void theOperationsPageNamesEachSetting() throws IOException {
    String page = Files.readString(Path.of("../docs/operations.md"));
    has("net.netfilter.nf_conntrack_max", "65536");
    for (var name :
        List.of("expire_nodest_conn", "conn_reuse_mode", "pmtu_disc", "run_estimation")) {
      has("net.ipv4.vs." + name, "7");
    }
    has("net.ipv4.vs.expire_quiescent_template", "0");
    var sticky = Persistence.byClientAddress(Duration.ofMinutes(6));
    var mark = VirtualServer.firewallMark(1, AddressFamily.IPV4).persistence(sticky);

    var named = new ArrayList<String>();
    named.addAll(wrongFor(mark.forwarding(ForwardingMethod.TUNNEL)));
    named.addAll(wrongFor(mark.forwarding(ForwardingMethod.NAT)));
    named.addAll(wrongFor(VirtualServer.tcp("2001:db8::1", 80)));

    assertThat(named).hasSizeGreaterThan(9);
    assertThat(named).allSatisfy(name -> assertThat(page).contains(name));
  }
}
