package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ipvs.client.IpvsConnection.EngineData;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpvsConnectionsTest {
  private static final String HEADER =
      "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
  private static final String SYNC_HEADER =
      "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n";

  @TempDir Path directory;

  @Test
  void connectionsOfBothFamiliesAreRead() throws IOException {
    assertThat(
            read(
                HEADER
                    + "TCP C0A80101 D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED     899\n"
                    + "UDP C0A80101 0035 0A09000A 0035 AC10000B 0035 UDP             299\n"
                    + "TCP fd00:0000:0000:0000:0000:0000:0000:0001 D2F0"
                    + " fd00:0000:0000:0000:0000:0000:0000:0010 0050 0A010101 0050 SYN_RECV"
                    + "         59\n"))
        .containsExactly(
            connection("TCP", "192.168.1.1", 54_000, "10.9.0.10", 80, "172.16.0.11", 8080)
                .state("ESTABLISHED", 899),
            connection("UDP", "192.168.1.1", 53, "10.9.0.10", 53, "172.16.0.11", 53)
                .state("UDP", 299),
            connection("TCP", "fd00::1", 54_000, "fd00::10", 80, "10.1.1.1", 80)
                .state("SYN_RECV", 59));
  }

  @Test
  void templatesAreKnownForWhatTheyAre() throws IOException {
    var connections =
        read(
            HEADER
                + "TCP C0A80100 0000 0A09000A 0050 AC10000B 0050 ASSURED         360\n"
                + "IP  C0A80100 0000 00000007 0000 AC10000B 0000 NONE             60\n"
                + "TCP C0A80101 0000 0A09000A 0015 AC10000B 0015 SYN_RECV         60\n");
    assertThat(connections)
        .extracting(IpvsConnection::isTemplate)
        .containsExactly(true, true, false);
    assertThat(connections.get(1).protocol()).isEqualTo("IP");
    assertThat(connections.get(1).virtualAddress()).isEqualTo(InetAddress.ofLiteral("0.0.0.7"));
  }

  @Test
  void theDataOfAPersistenceEngineIsReadAsItIs() throws IOException {
    assertThat(
            read(
                HEADER
                    + "UDP C0A80101 0000 0A09000A 13C4 AC10000B 13C4 NONE             59"
                    + " sip a b\u00e9  c@d\n"))
        .extracting(IpvsConnection::persistence)
        .containsExactly(Optional.of(new EngineData("sip", "a b\u00e9  c@d")));
  }

  @Test
  void originsAreReadWhereTheyAreTold() throws IOException {
    assertThat(
            read(
                SYNC_HEADER
                    + "TCP C0A80101 D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED LOCAL      899\n"
                    + "TCP C0A80101 D2F1 0A09000A 0050 AC10000B 1F90 ESTABLISHED SYNC       180\n"))
        .extracting(IpvsConnection::synced)
        .containsExactly(Optional.of(false), Optional.of(true));
  }

  @Test
  void anEmptyTableIsEmpty() throws IOException {
    assertThat(read(HEADER)).isEmpty();
    assertThat(read(SYNC_HEADER)).isEmpty();
  }

  @Test
  void otherFormsAreRefusedByTheirLine() {
    for (String line :
        List.of(
            "",
            "TCP",
            "TCP C0A8010 D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED 899",
            "TCP C0A8010G D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED 899",
            "TCP C0A80101 D2F0 0A09000A 005 AC10000B 1F90 ESTABLISHED 899",
            "TCP C0A80101 D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED -1",
            "TCP C0A80101 D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED 99999999999",
            "TCP C0A80101 D2F0 0A09000A 0050 AC10000B 1F90 ESTABLISHED")) {
      assertThatThrownBy(() -> read(HEADER + line + "\n"))
          .as(line)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("connection: '" + line + "' (expected: as its header says)");
    }
    assertThatThrownBy(() -> read("Pro FromIP\n")).hasMessageContaining("header 'Pro FromIP'");
    assertThatThrownBy(() -> read("")).hasMessageContaining("header ''");
  }

  private List<IpvsConnection> read(String text) throws IOException {
    var file = directory.resolve("ip_vs_conn");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    return IpvsConnections.read(file);
  }

  private interface Stateless {
    IpvsConnection state(String state, int seconds);
  }

  private static Stateless connection(
      String protocol,
      String client,
      int clientPort,
      String virtual,
      int virtualPort,
      String real,
      int realPort) {
    return (state, seconds) ->
        new IpvsConnection(
            protocol,
            InetAddress.ofLiteral(client),
            clientPort,
            InetAddress.ofLiteral(virtual),
            virtualPort,
            InetAddress.ofLiteral(real),
            realPort,
            state,
            Duration.ofSeconds(seconds),
            Optional.empty(),
            Optional.empty());
  }
}
