package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.peer.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seed 001: two directors, two web servers, direct routing, scripts; the six steps of its last
 * chapter, one by one, with its keepalived.conf as it stands.
 */
class SeedOneInKernel {
  @Test
  @Timeout(900)
  void itsSixSteps() throws Exception {
    DirectRoutingSeed.assumeAskedFor();
    try (var cluster = new DirectRoutingSeed("eth0", "192.168.0", 200, 119, 120, 121, 122)) {
      // Its chk_nginx looks for a process of this name; without one there is no master at all.
      var _ = nginx(cluster);
      var master = Seed.file("001-keepalived.conf");
      var backup =
          master.replace("state MASTER", "state BACKUP").replace("priority 100", "priority 99");
      assertThat(backup).isNotEqualTo(master);

      // 1: everything is started.
      cluster.run(1, master);
      cluster.run(2, backup);
      cluster.awaitAddressAt(1);

      // 2: both web servers are seen.
      cluster.awaitAnswersOf("real1", "real2");

      // 3: the master is stopped, and it goes on.
      cluster.stop(1);
      cluster.awaitAddressAt(2);
      cluster.awaitAnswersOf("real1", "real2");

      // 4: the master is back.
      cluster.run(1, master);
      cluster.awaitAddressAt(1);
      cluster.awaitAnswersOf("real1", "real2");

      // 5: a web server is stopped, and only the other one is seen.
      cluster.kill(cluster.site().real(1));
      cluster.awaitAnswersOf("real2");

      // 6: it is back.
      cluster.serve(cluster.site().real(1));
      cluster.awaitAnswersOf("real1", "real2");
    }
  }

  /**
   * Its down-file, with the shell that the script needs since keepalived starts none: as it stands
   * it fails always, on both, and the file changes nothing.
   */
  @Test
  @Timeout(900)
  void theDownFileLetsTheMasterGiveWay() throws Exception {
    DirectRoutingSeed.assumeAskedFor();
    try (var cluster = new DirectRoutingSeed("eth0", "192.168.0", 200, 119, 120, 121, 122)) {
      var _ = nginx(cluster);
      var down = cluster.site().workspace().directory("keepalived").resolve("down");
      var master = withShell(Seed.file("001-keepalived.conf"), down);
      var backup =
          master
              .replace("state MASTER", "state BACKUP")
              .replace("priority 100", "priority 99")
              .replace(down.toString(), down + "-of-the-other");
      cluster.run(1, master);
      cluster.run(2, backup);
      cluster.awaitAddressAt(1);

      Files.createFile(down);
      cluster.awaitAddressAt(2);
      cluster.awaitNoAddressAt(1);
      cluster.awaitAnswersOf("real1", "real2");

      Files.delete(down);
      cluster.awaitAddressAt(1);
      cluster.awaitNoAddressAt(2);
      cluster.awaitAnswersOf("real1", "real2");
    }
  }

  private static String withShell(String configuration, Path down) {
    var line = "[ -e /etc/keepalived/down ] && exit 1 || exit 0";
    assertThat(configuration).contains(line);
    return configuration
        .replace(line, "/bin/sh -c '" + line + "'")
        .replace("/etc/keepalived/down", down.toString());
  }

  private static RunningProcess nginx(DirectRoutingSeed cluster) throws IOException {
    var program = cluster.site().workspace().directory("nginx").resolve("nginx");
    Files.copy(Path.of("/bin/sleep"), program, StandardCopyOption.COPY_ATTRIBUTES);
    return cluster.site().workspace().start("nginx", List.of(program.toString(), "600"));
  }
}
