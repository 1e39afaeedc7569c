package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.ipvs.client.Granularity;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsConnection;
import io.lvs4j.ipvs.client.IpvsConnection.EngineData;
import io.lvs4j.ipvs.client.IpvsConnections;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.ServiceKey.AddressKey;
import io.lvs4j.ipvs.client.ServicePersistence;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import io.lvs4j.lab.peer.Program;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rest of the client on the real kernel: timeouts, daemons, statistics, connections. */
class ClientInKernel {
  private static final List<String> ADDRESSES =
      List.of("10.9.0.10/32", "10.9.0.11/32", "fd00:9::10/128", "fd00:9::11/128");
  private static final int PORT = 8080;

  private final Program shell = Program.find("sh").orElseThrow();
  private IpvsClient client;

  @BeforeEach
  void open() throws Exception {
    client = IpvsClient.open();
    client.flush();
    addresses("add", "dev lo");
  }

  @AfterEach
  void close() throws Exception {
    addresses("del", "dev lo");
    client.flush();
    client.close();
  }

  private void addresses(String verb, String where) {
    var commands =
        ADDRESSES.stream().map(address -> "ip addr " + verb + " " + address + " " + where);
    assertThat(shell.answer("-c", commands.collect(Collectors.joining("; ")))).isEmpty();
  }

  @Test
  void theKernelSaysWhatItIs() throws Exception {
    String version = Files.readString(Path.of("/proc/net/ip_vs")).lines().findFirst().orElseThrow();
    assertThat(version)
        .isEqualTo(
            "IP Virtual Server version %s (size=%d)"
                .formatted(client.info().versionText(), client.info().connectionTableSize()));
  }

  @Test
  void timeoutsAreChangedAndZeroLeavesOneAsItIs() throws Exception {
    var before = client.timeouts();
    assertThat(before).isEqualTo(timeouts(900, 120, 300));
    try {
      client.timeouts(timeouts(600, 0, 30));
      assertThat(client.timeouts()).isEqualTo(timeouts(600, 120, 30));
    } finally {
      client.timeouts(before);
    }
  }

  @Test
  void syncDaemonsRunAsTheyWereAskedTo() throws Exception {
    var group = InetAddress.ofLiteral("224.0.0.99");
    var backup =
        SyncDaemon.of(SyncRole.BACKUP, "lo", 6)
            .withMaximumLength(2000)
            .withGroup(group, 9000)
            .withTimeToLive(3);
    client.startDaemon(SyncDaemon.of(SyncRole.MASTER, "lo", 5));
    client.startDaemon(backup);
    try {
      assertThat(client.daemons()).hasSize(2).contains(backup);
      var master = client.daemons().getFirst();
      assertThat(master.role()).isEqualTo(SyncRole.MASTER);
      assertThat(master.group()).contains(InetAddress.ofLiteral("224.0.0.81"));
      assertThat(master.port()).isEqualTo(OptionalInt.of(8848));
      assertThat(master.syncId()).isEqualTo(5);
    } finally {
      client.stopDaemon(SyncRole.MASTER);
      client.stopDaemon(SyncRole.BACKUP);
    }
    assertThat(client.daemons()).isEmpty();
  }

  @Test
  void connectionsAndTemplatesAreRead() throws Exception {
    for (var family : AddressFamily.values()) {
      boolean ipv4 = family == AddressFamily.IPV4;
      var virtual = InetAddress.ofLiteral(ipv4 ? "10.9.0.10" : "fd00:9::10");
      var real = InetAddress.ofLiteral(ipv4 ? "10.9.0.11" : "fd00:9::11");
      var key = ServiceKey.tcp(virtual, PORT);
      client.add(
          IpvsService.of(key, "rr")
              .withPersistence(
                  new ServicePersistence(
                      Duration.ofSeconds(200), Granularity.prefix(family, ipv4 ? 24 : 64))));
      client.add(key, IpvsDestination.of(real, PORT, IpvsForwarding.directRouting()));
      try (var server = new ServerSocket(PORT);
          var socket = new Socket(virtual, PORT);
          var accepted = server.accept()) {
        await()
            .untilAsserted(() ->
                assertThat(of(IpvsConnections.FILE, key))
                    .filteredOn(connection -> connection.state().equals("ESTABLISHED"))
                    .hasSize(1));
        var connections = of(IpvsConnections.FILE, key);
        assertThat(connections).hasSize(2);
        var template =
            connections.stream().filter(IpvsConnection::isTemplate).findFirst().orElseThrow();
        assertThat(template.client())
            .isEqualTo(InetAddress.ofLiteral(ipv4 ? "10.9.0.0" : "fd00:9::"));
        var connection =
            connections.stream().filter(each -> !each.isTemplate()).findFirst().orElseThrow();
        assertThat(connection.protocol()).isEqualTo("TCP");
        assertThat(connection.clientPort()).isEqualTo(socket.getLocalPort());
        assertThat(connection.virtualPort()).isEqualTo(PORT);
        assertThat(connection.destination()).isEqualTo(real);
        assertThat(connection.destinationPort()).isEqualTo(PORT);
        assertThat(connection.expiresIn())
            .isBetween(Duration.ofSeconds(880), Duration.ofSeconds(900));
        assertThat(of(IpvsConnections.SYNC_FILE, key))
            .hasSize(2)
            .allSatisfy(each -> assertThat(each.synced()).contains(false));
        var status = client.destinations(key).getFirst();
        assertThat(status.activeConnections()).isEqualTo(1);
        assertThat(status.persistentConnections()).isEqualTo(1);
        assertThat(accepted.getLocalPort()).isEqualTo(PORT);
      }
      // The kernel works statistics out every two seconds, in the middle of a connection or not.
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            assertThat(client.service(key).orElseThrow().statistics().traffic().connections())
                .isEqualTo(1);
            assertThat(client.destinations(key).getFirst().statistics().traffic().inPackets())
                .isGreaterThanOrEqualTo(3);
          });
      client.zero(key);
      assertThat(client.service(key).orElseThrow().statistics().traffic().connections()).isZero();
    }
  }

  @Test
  void templatesOfAPersistenceEngineCarryItsData() throws Exception {
    var virtual = InetAddress.ofLiteral("10.9.0.10");
    var key = ServiceKey.udp(virtual, 5060);
    client.add(
        IpvsService.of(key, "rr")
            .withOnePacket(true)
            .withPersistence(Duration.ofSeconds(60))
            .withPersistenceEngine("sip"));
    client.add(
        key,
        IpvsDestination.of(
            InetAddress.ofLiteral("10.9.0.11"), 5060, IpvsForwarding.directRouting()));
    byte[] invite =
        "INVITE sip:a@b SIP/2.0\r\nVia: x\r\nCall-ID: f81d4fae-7dec-11d0@example\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    try (var server = new DatagramSocket(5060);
        var socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(invite, invite.length, new InetSocketAddress(virtual, 5060)));
      server.setSoTimeout(5_000);
      server.receive(new DatagramPacket(new byte[1000], 1000));
    }
    assertThat(of(IpvsConnections.FILE, key))
        .filteredOn(connection -> connection.protocol().equals("UDP"))
        .flatExtracting(connection -> connection.persistence().stream().toList())
        .contains(new EngineData("sip", "f81d4fae-7dec-11d0@example"));
  }

  /** Returns the connections of a service; those of other tests are there until they end. */
  private static List<IpvsConnection> of(Path file, AddressKey key) throws IOException {
    return IpvsConnections.read(file).stream()
        .filter(connection -> connection.virtualAddress().equals(key.address()))
        .filter(connection -> connection.virtualPort() == key.port())
        .toList();
  }

  private static IpvsTimeouts timeouts(int tcp, int tcpFin, int udp) {
    return new IpvsTimeouts(
        Duration.ofSeconds(tcp), Duration.ofSeconds(tcpFin), Duration.ofSeconds(udp));
  }
}
