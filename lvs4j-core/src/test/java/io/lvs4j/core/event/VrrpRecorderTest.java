package io.lvs4j.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VrrpRecorderTest {
  private static final Priority PRIORITY = new Priority(150);
  private static final InetAddress PEER = InetAddress.ofLiteral("10.77.0.9");
  private static final List<VrrpEvent> EVENTS =
      List.of(
          new VrrpEvent.Backup("VI_1", PRIORITY, "started"),
          new VrrpEvent.Master("VI_1", PRIORITY, "no advert from a master"),
          new VrrpEvent.LowerPriorityHeard("VI_1", PEER, new Priority(100)),
          new VrrpEvent.SecondOwnerHeard("VI_1", PEER),
          new VrrpEvent.OwnAddressHeard("VI_1", PEER),
          new VrrpEvent.PriorityChanged("VI_1", PRIORITY, new Priority(140)),
          new VrrpEvent.AddressRestored("VI_1", VirtualAddress.of("10.77.0.100/24")),
          new VrrpEvent.Stalled("VI_1", Duration.ofMillis(5300)),
          new VrrpEvent.IntervalAdopted("VI_1", Duration.ofMillis(500)),
          new VrrpEvent.Fault("VI_1", new Priority(140), "eth0 is down"),
          new VrrpEvent.Stopped("VI_1", new Priority(140)));

  @TempDir Path directory;

  @Test
  void transitionsAndStallsAreInTheFlightRecording() throws Exception {
    var file = directory.resolve("vrrp.jfr");
    try (var recording = new Recording()) {
      recording.enable("io.lvs4j.VrrpTransition");
      recording.enable("io.lvs4j.VrrpStall");
      recording.start();
      EVENTS.forEach(new VrrpRecorder()::accept);
      recording.stop();
      recording.dump(file);
    }

    assertThat(RecordingFile.readAllEvents(file).stream().map(VrrpRecorderTest::text))
        .containsExactly(
            "BACKUP VI_1 150 started",
            "MASTER VI_1 150 no advert from a master",
            "stall VI_1 PT5.3S",
            "FAULT VI_1 140 eth0 is down",
            "STOPPED VI_1 140 ");
  }

  private static String text(RecordedEvent event) {
    var instance = event.getString("instance");
    return event.getEventType().getName().equals("io.lvs4j.VrrpStall")
        ? "stall " + instance + " " + event.getDuration("length")
        : event.getString("state")
            + " "
            + instance
            + " "
            + event.getInt("priority")
            + " "
            + event.getString("reason");
  }
}
