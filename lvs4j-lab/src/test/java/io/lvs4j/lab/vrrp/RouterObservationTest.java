package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.Director;
import io.lvs4j.core.metrics.VrrpMetrics;
import io.lvs4j.lab.network.LabNetwork;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a director on a real link shows of its virtual address: meters and a flight recording. */
@Timeout(180)
class RouterObservationTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void metersAndTheFlightRecordingTellOfTheMaster() throws Exception {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    var file = directory.resolve("vrrp.jfr");
    try (var network = LabNetwork.of("a");
        var recording = new Recording()) {
      recording.enable("io.lvs4j.VrrpTransition");
      recording.start();
      try (var director = network.host("a").call(RouterObservationTest::director)) {
        new VrrpMetrics(director::vrrp).bindTo(registry);
        await().atMost(LONG_ENOUGH).until(() -> counter("advert.sent") >= 3);

        assertThat(registry.get("lvs4j.vrrp.state").tag("state", "master").gauge().value())
            .isEqualTo(1);
        assertThat(counter("become.master")).isEqualTo(1);
        assertThat(counter("announcements.sent")).isGreaterThanOrEqualTo(5);
        assertThat(counter("send.failures")).isZero();
        assertThat(registry.get("lvs4j.vrrp.addresses.held").gauge().value()).isEqualTo(1);
      }
      await().atMost(LONG_ENOUGH).until(() -> counter("release.master") == 1);
      assertThat(counter("pri.zero.sent")).isEqualTo(1);
      recording.stop();
      recording.dump(file);
    }

    assertThat(RecordingFile.readAllEvents(file).stream().map(RouterObservationTest::text))
        .containsExactly(
            "BACKUP VI_1 150 started",
            "MASTER VI_1 150 no advert from a master",
            "STOPPED VI_1 150 ");
  }

  private static Director director() {
    var vip =
        VrrpInstance.builder("VI_1")
            .networkInterface("eth0")
            .virtualRouterId(51)
            .version(VrrpVersion.V3)
            .advertisementInterval(Duration.ofMillis(100))
            .priority(150)
            .virtualAddress("10.77.0.100/24")
            .build();
    var director = Director.builder().vrrp(vip).build();
    director.start();
    return director;
  }

  private double counter(String name) {
    return registry.get("lvs4j.vrrp." + name).functionCounter().count();
  }

  private static String text(RecordedEvent event) {
    return event.getString("state")
        + " "
        + event.getString("instance")
        + " "
        + event.getInt("priority")
        + " "
        + event.getString("reason");
  }
}
