package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** keepalived and lvs4j, which have read the same keepalived.conf, each with a table of its own. */
final class SideBySide implements AutoCloseable {
  private final RunningProcess process;
  private final Path file;
  private final LvsSite site;
  private final Director director;
  private final PoolWatch keepalived;
  private final PoolWatch lvs4j;

  private SideBySide(
      RunningProcess process,
      Path file,
      LvsSite site,
      Director director,
      PoolWatch keepalived,
      PoolWatch lvs4j) {
    this.process = process;
    this.file = file;
    this.site = site;
    this.director = director;
    this.keepalived = keepalived;
    this.lvs4j = lvs4j;
  }

  /** Starts keepalived on the first director of a site, lvs4j on the second. */
  static SideBySide start(LvsSite site, String configuration) {
    var keepalived = PoolWatch.on(site.director(1));
    var lvs4j = PoolWatch.on(site.director(2));
    var command = Keepalived.find().orElseThrow().command(site.workspace(), configuration);
    var process = site.director(1).start(site.workspace(), command);
    var director =
        KernelDirector.start(
            site.director(2), read(site, configuration).toArray(VirtualServer[]::new));
    return new SideBySide(process, Keepalived.file(command), site, director, keepalived, lvs4j);
  }

  private static List<VirtualServer> read(LvsSite site, String configuration) {
    var read =
        KeepalivedReader.builder()
            .build()
            .read("keepalived.conf", configuration, site.workspace().path());
    System.out.println("side by side: " + read.diagnostics());
    assertThat(read.hasErrors()).as(read.diagnostics().toString()).isFalse();
    return read.virtualServers();
  }

  /** Lets both read the configuration again, with further virtual servers or without. */
  void reload(String configuration) throws IOException {
    long before = reloads();
    Files.writeString(file, configuration);
    new ProcessBuilder("/bin/sh", "-c", "kill -HUP " + process.pid()).start().onExit().join();
    var present =
        director.snapshot().virtualServers().stream()
            .map(each -> each.id())
            .collect(Collectors.toUnmodifiableSet());
    for (var server : read(site, configuration)) {
      if (!present.contains(server.id())) {
        director.add(server);
      } else {
        director.update(server);
      }
    }
    await("keepalived reloaded").atMost(Duration.ofSeconds(60)).until(() -> reloads() > before);
  }

  private long reloads() {
    return process.log().lines().filter(line -> line.contains("Reload complete")).count();
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
