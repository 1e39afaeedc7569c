package io.lvs4j.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpEvent;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VrrpEventLogTest {
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
  private final Logger logger = Logger.getLogger("io.lvs4j.vrrp");
  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void everyEventIsALineAndRepeatedOnesAreForDebugging() {
    EVENTS.forEach(new VrrpEventLog()::accept);

    assertThat(lines)
        .containsExactly(
            "INFO VRRP VI_1: BACKUP with priority 150: started",
            "INFO VRRP VI_1: MASTER with priority 150: no advert from a master",
            "WARNING VRRP VI_1: 10.77.0.9 has priority 255 too (expected: one owner)",
            "WARNING VRRP VI_1: another router sends from our own address 10.77.0.9",
            "INFO VRRP VI_1: priority 150 is now 140",
            "WARNING VRRP VI_1: somebody removed 10.77.0.100/24; it has been put back",
            "WARNING VRRP VI_1: stood still for 5300 ms; others may have taken over",
            "INFO VRRP VI_1: the master's interval of 500 ms is followed",
            "WARNING VRRP VI_1: FAULT: eth0 is down",
            "INFO VRRP VI_1: stopped");
    logger.setLevel(Level.FINE);
    try {
      new VrrpEventLog().accept(EVENTS.get(2));
    } finally {
      logger.setLevel(null);
    }
    assertThat(lines)
        .last()
        .isEqualTo("FINE VRRP VI_1: told 10.77.0.9 of priority 100 to give way");
  }

  @Test
  void transitionsAndStallsAreInTheFlightRecording() throws Exception {
    var file = directory.resolve("vrrp.jfr");
    try (var recording = new Recording()) {
      recording.enable("io.lvs4j.VrrpTransition");
      recording.enable("io.lvs4j.VrrpStall");
      recording.start();
      EVENTS.forEach(new VrrpEventLog()::accept);
      recording.stop();
      recording.dump(file);
    }

    assertThat(RecordingFile.readAllEvents(file).stream().map(VrrpEventLogTest::text))
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
