package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Tunnel;
import io.lvs4j.ipvs.client.IpvsException.Kind;
import io.lvs4j.ipvs.wire.IpvsCommand;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.netlink.NetlinkMessage;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against a kernel that is one function. */
class IpvsClientTest {
  private static final ServiceKey KEY = ServiceKey.tcp(InetAddress.ofLiteral("10.9.0.10"), 80);
  private static final IpvsService SERVICE = IpvsService.of(KEY, "wlc");
  private static final IpvsDestination SERVER =
      IpvsDestination.of(InetAddress.ofLiteral("172.16.0.11"), 80, IpvsForwarding.directRouting());

  private final RecordedKernel kernel = new RecordedKernel();
  private IpvsClient client;

  @BeforeEach
  void open() throws IpvsException {
    client = IpvsClient.open(kernel);
  }

  @AfterEach
  void close() {
    client.close();
    assertThat(kernel.isOpen()).as("the socket is open").isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1, NOT_PERMITTED",
    "2, NO_SUCH_SCHEDULER",
    "3, NO_SUCH_SERVICE",
    "12, NO_MEMORY",
    "17, ALREADY_EXISTS",
    "22, INVALID",
    "34, OUT_OF_RANGE",
    "95, OTHER",
    "105, NO_MEMORY"
  })
  void refusedServicesAreTyped(int errno, Kind kind) {
    refusing(errno);
    refused(kind, errno, "add service", "TCP 10.9.0.10:80", () -> client.add(SERVICE));
    refused(kind, errno, "set service", "TCP 10.9.0.10:80", () -> client.set(SERVICE));
  }

  @ParameterizedTest
  @CsvSource({
    "1, NOT_PERMITTED",
    "3, NO_SUCH_SERVICE",
    "17, ALREADY_EXISTS",
    "22, INVALID",
    "34, OUT_OF_RANGE"
  })
  void refusedRealServersAreTyped(int errno, Kind kind) {
    refusing(errno);
    String subject = "172.16.0.11:80 of TCP 10.9.0.10:80";
    refused(kind, errno, "add real server", subject, () -> client.add(KEY, SERVER));
    refused(kind, errno, "set real server", subject, () -> client.set(KEY, SERVER));
    refused(kind, errno, "delete real server", subject, () -> client.delete(KEY, SERVER.key()));
  }

  @Test
  void oneErrnoMeansWhatTheOperationMakesOfIt() {
    refusing(2);
    refused(
        Kind.NO_SUCH_DESTINATION,
        2,
        "delete real server",
        "172.16.0.11:80 of TCP 10.9.0.10:80",
        () -> client.delete(KEY, SERVER.key()));
    // The module was removed while the client was open.
    refused(Kind.UNAVAILABLE, 2, "list services", "", () -> client.services());
    refusing(3);
    refused(
        Kind.NO_SUCH_DAEMON,
        3,
        "stop sync daemon",
        "backup",
        () -> client.stopDaemon(SyncRole.BACKUP));
    refusing(19);
    refused(
        Kind.NO_SUCH_INTERFACE,
        19,
        "start sync daemon",
        "master on eth9",
        () -> client.startDaemon(SyncDaemon.of(SyncRole.MASTER, "eth9", 1)));
  }

  @Test
  void anUnknownSchedulerIsNamedWithItsModule() {
    refusing(2);
    assertThatThrownBy(() -> client.add(IpvsService.of(KEY, "twos")))
        .hasMessage(
            "add service TCP 10.9.0.10:80: ENOENT (this kernel has no scheduler twos; modprobe"
                + " ip_vs_twos, or choose another)");
    assertThatThrownBy(() -> client.add(SERVICE.withPersistenceEngine("sip")))
        .hasMessageContaining("no scheduler wlc or no persistence engine sip")
        .hasMessageContaining("modprobe ip_vs_wlc ip_vs_pe_sip");
  }

  @Test
  void theMissingPrivilegeIsNamed() {
    refusing(1);
    assertThatThrownBy(() -> client.flush())
        .hasMessageStartingWith(
            "flush all services: EPERM (needs CAP_NET_ADMIN in the initial user");
  }

  @Test
  void aClientThatMayNotDoAnythingDoesNotOpen() {
    var strict = new RecordedKernel();
    strict.answering(request ->
        RecordedKernel.type(request) == RecordedKernel.FAMILY
            ? List.of(RecordedKernel.acknowledgement(request, 1))
            : RecordedKernel.opening(request));
    var refused = catchThrowableOfType(IpvsException.class, () -> IpvsClient.open(strict));
    assertThat(refused.kind()).isEqualTo(Kind.NOT_PERMITTED);
    assertThat(refused.operation()).isEqualTo("open IPVS");
    assertThat(strict.isOpen()).isFalse();
  }

  @Test
  void silenceIsTold() {
    kernel.answering(_ -> List.of());
    assertThatThrownBy(() -> client.services())
        .isInstanceOfSatisfying(
            IpvsException.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.NO_ANSWER))
        .hasMessage("list services: no answer");
  }

  @Test
  void aDaemonThatIsStoppedWithoutAnAnswerIsLookedFor() throws Exception {
    var running = new ArrayList<IpvsMessage>();
    kernel.answering(request ->
        (RecordedKernel.flags(request) & 0x300) == 0x300 ? table(request, running) : List.of());
    client.stopDaemon(SyncRole.BACKUP);
    running.add(
        IpvsMessage.of(IpvsCommand.NEW_DAEMON)
            .with(WireDaemons.describe(SyncDaemon.of(SyncRole.MASTER, "eth0", 1))));
    client.stopDaemon(SyncRole.BACKUP);
    running.add(
        IpvsMessage.of(IpvsCommand.NEW_DAEMON)
            .with(WireDaemons.describe(SyncDaemon.of(SyncRole.BACKUP, "eth0", 1))));
    assertThatThrownBy(() -> client.stopDaemon(SyncRole.BACKUP))
        .hasMessage("stop sync daemon backup: no answer");
  }

  @Test
  void aServiceThatIsNotThereIsEmptyButItsRealServersAreNot() throws Exception {
    refusing(3);
    assertThat(client.service(KEY)).isEmpty();
    kernel.answering(request ->
        (RecordedKernel.flags(request) & 0x300) == 0x300
            ? List.of(done(request))
            : List.of(RecordedKernel.acknowledgement(request, 3)));
    refused(
        Kind.NO_SUCH_SERVICE,
        3,
        "list real servers of",
        "TCP 10.9.0.10:80",
        () -> client.destinations(KEY));
  }

  @Test
  void servicesAreSortedAndRealServersKeepTheKernelsOrder() throws Exception {
    var keys =
        List.of(
            ServiceKey.firewallMark(9, AddressFamily.IPV4),
            ServiceKey.udp(InetAddress.ofLiteral("10.0.0.2"), 53),
            ServiceKey.tcp(InetAddress.ofLiteral("fd00::1"), 80),
            ServiceKey.tcp(InetAddress.ofLiteral("200.0.0.1"), 80),
            ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.2"), 443),
            ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.2"), 80),
            ServiceKey.firewallMark(9, AddressFamily.IPV6));
    kernel.answering(request ->
        table(
            request,
            keys.stream()
                .map(key ->
                    IpvsMessage.of(IpvsCommand.NEW_SERVICE)
                        .with(WireServices.describe(IpvsService.of(key, "rr"))))
                .toList()));
    assertThat(client.services())
        .extracting(status -> status.service().key().toString())
        .containsExactly(
            "TCP 10.0.0.2:80",
            "TCP 10.0.0.2:443",
            "TCP 200.0.0.1:80",
            "UDP 10.0.0.2:53",
            "TCP [fd00::1]:80",
            "FWM 9",
            "FWM 9 IPv6");

    var ports = List.of(3, 1, 2, 3);
    kernel.answering(request ->
        table(
            request,
            ports.stream()
                .map(port ->
                    IpvsMessage.of(IpvsCommand.NEW_DEST)
                        .with(
                            WireDestinations.describe(
                                KEY,
                                IpvsDestination.of(
                                    InetAddress.ofLiteral("10.1.1.1"),
                                    port,
                                    IpvsForwarding.masquerade()))))
                .toList()));
    assertThat(client.destinations(KEY))
        .extracting(status -> status.destination().key().port())
        .as("the one that came twice is there once")
        .containsExactly(3, 1, 2);
  }

  @Test
  void answersThatMakeNoSenseAreNamed() {
    kernel.answering(request -> table(request, List.of(IpvsMessage.of(IpvsCommand.NEW_SERVICE))));
    assertThatThrownBy(() -> client.services())
        .hasMessage("list services: answer NEW_SERVICE: no service (expected: one)");
    kernel.answering(request ->
        table(
            request,
            List.of(IpvsMessage.of(IpvsCommand.NEW_SERVICE).with(WireServices.identify(KEY)))));
    assertThatThrownBy(() -> client.services())
        .hasMessageContaining("service TCP 10.9.0.10:80: scheduler ''");
  }

  @Test
  void aBatchIsSentAsTheChangesAreAndRefusalsAreTied() throws Exception {
    var added = new ArrayList<IpvsChange>();
    added.add(new IpvsChange.AddService(SERVICE));
    added.add(new IpvsChange.AddDestination(KEY, SERVER));
    added.add(new IpvsChange.SetDestination(KEY, SERVER.withWeight(0)));
    added.add(new IpvsChange.DeleteDestination(KEY, SERVER.key()));
    added.add(new IpvsChange.SetService(SERVICE.withPersistence(Duration.ofSeconds(60))));
    added.add(new IpvsChange.DeleteService(KEY));
    kernel.answering(datagram -> {
      var answers = new ArrayList<byte[]>();
      var messages = TraceReplay.value(NetlinkMessage.decode(datagram, datagram.length));
      for (var message : messages) {
        int command = message.payload()[0];
        boolean refused = command == IpvsCommand.SET_DEST.number();
        if (refused || message == messages.getLast()) {
          answers.add(RecordedKernel.acknowledgement(message.encode(), refused ? 2 : 0));
        }
      }
      return answers;
    });
    var refused = client.apply(added);
    assertThat(refused).hasSize(1);
    assertThat(refused.getFirst().change()).isEqualTo(added.get(2));
    assertThat(refused.getFirst().why().kind()).isEqualTo(Kind.NO_SUCH_DESTINATION);
    assertThat(refused.getFirst().why())
        .hasMessageStartingWith("set real server 172.16.0.11:80 of TCP 10.9.0.10:80: ENOENT (");
    assertThat(kernel.requests()).hasSize(1);
    byte[] datagram = kernel.requests().getFirst();
    assertThat(TraceReplay.value(NetlinkMessage.decode(datagram, datagram.length)))
        .extracting(message -> (int) message.payload()[0])
        .containsExactly(1, 5, 6, 7, 2, 3);
    assertThat(client.apply(List.of())).isEmpty();
  }

  @Test
  void everyRealServerIsReadAsItWasSet() throws Exception {
    var forwardings =
        List.of(
            IpvsForwarding.masquerade(),
            IpvsForwarding.directRouting(),
            new IpvsForwarding.LocalNode(),
            new IpvsForwarding.Bypass(),
            IpvsForwarding.tunnel(Tunnel.ipip()),
            IpvsForwarding.tunnel(Tunnel.gue(6080, Tunnel.Checksum.REMOTE)),
            IpvsForwarding.tunnel(Tunnel.gre(Tunnel.Checksum.PRESENT)));
    for (String address : List.of("10.1.1.1", "fd00::1")) {
      for (var forwarding : forwardings) {
        var destination =
            IpvsDestination.of(InetAddress.ofLiteral(address), 8080, forwarding)
                .withWeight(Integer.MAX_VALUE)
                .withThresholds(0xffff_ffffL, 1);
        kernel.answering(request ->
            table(
                request,
                List.of(
                    IpvsMessage.of(IpvsCommand.NEW_DEST)
                        .with(WireDestinations.describe(KEY, destination)))));
        assertThat(client.destinations(KEY).getFirst().destination()).isEqualTo(destination);
      }
    }
  }

  private void refusing(int errno) {
    kernel.answering(request -> List.of(RecordedKernel.acknowledgement(request, errno)));
  }

  private static void refused(
      Kind kind, int errno, String operation, String subject, ThrowingCallable call) {
    var refused = catchThrowableOfType(IpvsException.class, call);
    assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(kind);
    assertThat(refused.errno()).hasValue(new Errno(errno));
    assertThat(refused.operation()).isEqualTo(operation);
    assertThat(refused.subject()).isEqualTo(subject);
  }

  private static byte[] done(byte[] request) {
    return new NetlinkMessage(3, 2, RecordedKernel.sequence(request), 0, new byte[4]).encode();
  }

  private static List<byte[]> table(byte[] request, List<IpvsMessage> rows) {
    var datagrams = new ArrayList<byte[]>();
    for (var row : rows) {
      datagrams.add(
          new NetlinkMessage(
                  RecordedKernel.FAMILY,
                  2,
                  RecordedKernel.sequence(request),
                  0,
                  row.encode().encode())
              .encode());
    }
    datagrams.add(done(request));
    return datagrams;
  }
}
