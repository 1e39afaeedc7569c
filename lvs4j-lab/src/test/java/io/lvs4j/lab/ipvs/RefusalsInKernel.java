package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Tunnel;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsException.Kind;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the real kernel refuses comes as what it is, with what would help. */
class RefusalsInKernel {
  private static final ServiceKey HERE = ServiceKey.tcp(address("10.9.0.10"), 80);
  private static final ServiceKey NOWHERE = ServiceKey.tcp(address("10.9.9.9"), 80);
  private static final IpvsDestination SERVER =
      IpvsDestination.of(address("172.16.0.11"), 80, IpvsForwarding.directRouting());

  private IpvsClient client;

  @BeforeEach
  void open() throws Exception {
    client = IpvsClient.open();
    client.flush();
    client.add(IpvsService.of(HERE, "wlc"));
    client.add(HERE, SERVER);
  }

  @AfterEach
  void close() throws Exception {
    client.flush();
    client.close();
  }

  @Test
  void servicesAreRefused() {
    refused(Kind.ALREADY_EXISTS, "EEXIST", () -> client.add(IpvsService.of(HERE, "rr")));
    refused(Kind.NO_SUCH_SERVICE, "ESRCH", () -> client.set(IpvsService.of(NOWHERE, "rr")));
    refused(Kind.NO_SUCH_SERVICE, "ESRCH", () -> client.delete(NOWHERE));
    refused(Kind.NO_SUCH_SERVICE, "ESRCH", () -> client.zero(NOWHERE));
    refused(Kind.NO_SUCH_SERVICE, "ESRCH", () -> client.destinations(NOWHERE));
    assertThat(
            refused(
                Kind.NO_SUCH_SCHEDULER,
                "ENOENT",
                () -> client.add(IpvsService.of(NOWHERE, "nosuch"))))
        .hasMessage(
            "add service TCP 10.9.9.9:80: ENOENT (this kernel has no scheduler nosuch; modprobe"
                + " ip_vs_nosuch, or choose another)");
    assertThat(
            refused(
                Kind.NO_SUCH_SCHEDULER,
                "ENOENT",
                () -> client.add(IpvsService.of(NOWHERE, "rr").withPersistenceEngine("nosuch"))))
        .hasMessageContaining("ip_vs_pe_nosuch");
  }

  @Test
  void realServersAreRefused() {
    refused(Kind.ALREADY_EXISTS, "EEXIST", () -> client.add(HERE, SERVER));
    refused(Kind.NO_SUCH_SERVICE, "ESRCH", () -> client.add(NOWHERE, SERVER));
    refused(Kind.NO_SUCH_DESTINATION, "ENOENT", () -> client.set(HERE, server("172.16.0.12")));
    refused(
        Kind.NO_SUCH_DESTINATION,
        "ENOENT",
        () -> client.delete(HERE, new DestinationKey(address("172.16.0.11"), 81)));
    refused(
        Kind.OUT_OF_RANGE, "ERANGE", () -> client.add(HERE, server("172.16.0.12").withWeight(-1)));
    refused(
        Kind.OUT_OF_RANGE,
        "ERANGE",
        () -> client.add(HERE, server("172.16.0.12").withThresholds(5, 6)));
    refused(Kind.INVALID, "EINVAL", () -> client.add(HERE, server("224.0.0.9")));
    refused(Kind.INVALID, "EINVAL", () -> client.add(HERE, server("fd00::98")));
    refused(
        Kind.INVALID,
        "EINVAL",
        () ->
            client.add(
                HERE,
                IpvsDestination.of(
                    address("172.16.0.12"), 80, IpvsForwarding.tunnel(Tunnel.gue(0)))));
  }

  @Test
  void syncDaemonsAreRefused() throws Exception {
    refused(
        Kind.NO_SUCH_INTERFACE,
        "ENODEV",
        () -> client.startDaemon(SyncDaemon.of(SyncRole.MASTER, "nosuch0", 5)));
    refused(
        Kind.INVALID,
        "EINVAL",
        () ->
            client.startDaemon(
                SyncDaemon.of(SyncRole.BACKUP, "lo", 5).withGroup(address("10.0.0.1"), 8848)));
    refused(Kind.NO_SUCH_DAEMON, "ESRCH", () -> client.stopDaemon(SyncRole.BACKUP));
    client.startDaemon(SyncDaemon.of(SyncRole.BACKUP, "lo", 5));
    try {
      refused(
          Kind.ALREADY_EXISTS,
          "EEXIST",
          () -> client.startDaemon(SyncDaemon.of(SyncRole.BACKUP, "lo", 6)));
    } finally {
      client.stopDaemon(SyncRole.BACKUP);
    }
  }

  @Test
  void aBatchGoesOnAfterARefusalAndTellsEachOfThem() throws Exception {
    var changes = new ArrayList<IpvsChange>();
    for (int i = 0; i < 500; i++) {
      var key = ServiceKey.firewallMark(1 + i, AddressFamily.IPV6);
      changes.add(new IpvsChange.AddService(IpvsService.of(i % 3 == 0 ? HERE : key, "rr")));
    }
    var refused = client.apply(changes);
    assertThat(refused)
        .extracting(IpvsChange.Refused::change)
        .containsExactlyElementsOf(
            changes.stream().filter(change -> change.service().equals(HERE)).toList());
    assertThat(refused).extracting(each -> each.why().kind()).containsOnly(Kind.ALREADY_EXISTS);
    assertThat(refused).hasSize(167);
    assertThat(client.services()).hasSize(1 + 500 - 167);
  }

  @Test
  void whatTheKernelTakesWithoutComplaintIsTaken() throws Exception {
    client.add(IpvsService.of(new ServiceKey.AddressKey(99, address("10.9.0.12"), 80), "rr"));
    client.add(IpvsService.of(ServiceKey.tcp(address("10.9.0.12"), 0), "rr"));
    client.add(HERE, server("8.8.8.8").withWeight(Integer.MAX_VALUE));
    client.add(HERE, server("127.0.0.1"));
    assertThat(client.services()).hasSize(3);
    assertThat(client.destinations(HERE))
        .extracting(status -> status.destination().key().address())
        .containsExactlyElementsOf(
            List.of(address("127.0.0.1"), address("8.8.8.8"), address("172.16.0.11")));
  }

  private static IpvsException refused(Kind kind, String errno, ThrowingCallable call) {
    var refused = catchThrowableOfType(IpvsException.class, call);
    assertThat(refused).as("a refusal: %s", kind).isNotNull();
    assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(kind);
    assertThat(refused.errno().orElseThrow()).hasToString(errno);
    assertThat(refused.remedy()).as("what would help").isNotEmpty();
    assertThat(refused)
        .hasMessage(
            "%s %s: %s (%s)"
                .formatted(refused.operation(), refused.subject(), errno, refused.remedy()));
    return refused;
  }

  private static IpvsDestination server(String address) {
    return IpvsDestination.of(address(address), 80, IpvsForwarding.directRouting());
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
