package io.lvs4j.lab.seeds;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** keepalived as the backup of a director whose configuration is changed. */
final class OtherRouter {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private final RunningProcess process;
  private final Path file;

  private OtherRouter(RunningProcess process, Path file) {
    this.process = process;
    this.file = file;
  }

  /** Starts it with the director's instance and a lower priority, and waits until it listens. */
  static OtherRouter start(Host host, Workspace workspace, String instance) {
    var command = Keepalived.find().orElseThrow().command(workspace, backup(instance));
    var router = new OtherRouter(host.start(workspace, command), Keepalived.file(command));
    router.awaitListening(1);
    return router;
  }

  /**
   * It waits long for an advert: what both have to agree on is changed at one after the other, and
   * a busy machine takes its time for that.
   */
  private static String backup(String instance) {
    return instance
        .replaceFirst("priority \\d+", "priority 100")
        .replaceFirst("advert_int 1", "advert_int 1\n  down_timer_adverts 20");
  }

  /** Lets it read another configuration, and waits until it has. */
  void reload(String instance) {
    try {
      Files.writeString(file, backup(instance));
      long before = listening();
      new ProcessBuilder("/bin/sh", "-c", "kill -HUP " + process.pid()).start().onExit().join();
      awaitListening(before + 1);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  private void awaitListening(long times) {
    await("keepalived listens").atMost(LONG_ENOUGH).until(() -> listening() >= times);
  }

  private long listening() {
    return log().lines().filter(line -> line.contains("VRRP sockpool: [ifindex")).count();
  }

  String log() {
    return process.log();
  }
}
