package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.RunningProcess;
import java.time.Duration;

/** keepalived and lvs4j, which have read the same keepalived.conf, each with a table of its own. */
final class SideBySide implements AutoCloseable {
  private final RunningProcess process;
  private final Director director;
  private final PoolWatch keepalived;
  private final PoolWatch lvs4j;

  private SideBySide(
      RunningProcess process, Director director, PoolWatch keepalived, PoolWatch lvs4j) {
    this.process = process;
    this.director = director;
    this.keepalived = keepalived;
    this.lvs4j = lvs4j;
  }

  /** Starts keepalived on the first director of a site, lvs4j on the second. */
  static SideBySide start(LvsSite site, String configuration) {
    var keepalived = PoolWatch.on(site.director(1));
    var lvs4j = PoolWatch.on(site.director(2));
    var process =
        site.director(1)
            .start(
                site.workspace(),
                Keepalived.find().orElseThrow().command(site.workspace(), configuration));
    var read =
        KeepalivedReader.builder()
            .build()
            .read("keepalived.conf", configuration, site.workspace().path());
    System.out.println("side by side: " + read.diagnostics());
    assertThat(read.hasErrors()).as(read.diagnostics().toString()).isFalse();
    var director =
        KernelDirector.start(site.director(2), read.virtualServers().toArray(VirtualServer[]::new));
    return new SideBySide(process, director, keepalived, lvs4j);
  }

  PoolWatch keepalived() {
    return keepalived;
  }

  PoolWatch lvs4j() {
    return lvs4j;
  }

  /** Waits until both have paused the checks of a virtual server that had been made. */
  void awaitSuspended() {
    await("suspended checks")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          var log = process.log();
          assertThat(log.lastIndexOf("Suspending healthchecker"))
              .as("keepalived: " + log)
              .isGreaterThan(log.lastIndexOf("Activating healthchecker"));
          assertThat(director.snapshot().virtualServers())
              .as("lvs4j")
              .anyMatch(virtual -> !virtual.checking());
        });
  }

  /** Ends both in an orderly way, and waits for that. */
  void end() {
    process.close();
    director.close();
  }

  @Override
  public void close() {
    System.out.println("keepalived's log:\n" + process.log());
    end();
    keepalived.close();
    lvs4j.close();
  }
}
