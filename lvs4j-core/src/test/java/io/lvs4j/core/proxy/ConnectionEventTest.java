package io.lvs4j.core.proxy;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight recording of connections. */
class ConnectionEventTest {
  @TempDir Path directory;

  @Test
  void eachConnectionIsRecordedWithItsEnd() throws Exception {
    var events =
        record(() -> {
          try (var front =
              Front.tcp(
                  Transport.NIO,
                  socket -> {
                    socket.getInputStream().readNBytes(3);
                    socket.getOutputStream().write(new byte[5]);
                  })) {
            try (var client = front.connect()) {
              client.getOutputStream().write(new byte[3]);
              assertThat(client.getInputStream().readAllBytes()).hasSize(5);
            }
            front.awaitNoConnections();
          }
        });
    assertThat(events).hasSize(1);
    var event = events.getFirst();
    assertThat(event.getString("virtualServer")).startsWith("127.0.0.1:").endsWith("/tcp");
    assertThat(event.getString("client")).startsWith("127.0.0.1:");
    assertThat(event.getString("realServer")).startsWith("127.0.0.1:");
    assertThat(event.getLong("bytesIn")).isEqualTo(3);
    assertThat(event.getLong("bytesOut")).isEqualTo(5);
    assertThat(event.getString("end")).isEqualTo("closed");
    assertThat(event.getDuration()).isPositive();
  }

  @Test
  void aRefusedConnectionIsRecordedWithoutAServer() throws Exception {
    var events =
        record(() -> {
          try (var front = Front.withoutServers(Transport.NIO, settings -> settings)) {
            front.connectAndReadAll();
            front.awaitNoConnections();
          }
        });
    assertThat(events)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getString("realServer")).isEmpty();
          assertThat(event.getString("end")).isEqualTo("refused: no server");
        });
  }

  @EveryTransport
  void connectionsAreDealtEvenlyToTheLoops(Transport transport) throws Exception {
    int connections = 60;
    var events =
        record(() -> {
          var read = (Peers.Conversation) socket -> socket.getInputStream().readAllBytes();
          try (var front = Front.tcp(transport, read)) {
            for (int i = 0; i < connections; i++) {
              front.connect();
              int open = i + 1;
              await()
                  .pollInterval(Duration.ofMillis(2))
                  .until(() -> front.plane.openConnections() == open);
            }
            front.clients.close();
            front.awaitNoConnections();
          }
        });
    var shares = events.stream().collect(groupingBy(ConnectionEventTest::loop, counting()));
    assertThat(shares).hasSize(2);
    assertThat(shares.values())
        .allSatisfy(
            share -> assertThat(share).isBetween(connections / 2 - 2L, connections / 2 + 2L));
  }

  private static String loop(RecordedEvent event) {
    return event.getThread().getJavaName();
  }

  private interface Scene {
    void play() throws Exception;
  }

  private List<RecordedEvent> record(Scene scene) throws Exception {
    var file = directory.resolve("recording.jfr");
    try (var recording = new Recording()) {
      recording.enable("io.lvs4j.Connection").withoutThreshold();
      recording.start();
      scene.play();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file);
  }
}
