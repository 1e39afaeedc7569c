package io.lvs4j.benchmarks.health;

import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.UserModeLinux;
import io.lvs4j.lab.peer.UserModeLinux.Machine;
import io.lvs4j.lab.peer.UserModeLinux.NotBootedException;
import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What it costs to check many real servers: lvs4j beside keepalived, whose checkers need a kernel
 * with ip_vs, in User-Mode-Linux; or lvs4j alone on this host.
 */
public final class HealthBenchmark {
  private static final int MEGABYTES = 2048;
  private static final int OPEN_FILES = 70_000;

  private HealthBenchmark() {}

  /** Runs as the arguments say; exit status 2 for bad ones, 3 if the host lacks something. */
  public static void main(String[] arguments) throws IOException {
    Optional<Options> options;
    try {
      options = Options.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.isEmpty()) {
      System.out.print(Options.USAGE);
      return;
    }
    if (!options.get().guest()) {
      CheckCosts.main(arguments);
      return;
    }
    var guest = UserModeLinux.find();
    if (guest.isEmpty() || Keepalived.find().isEmpty()) {
      System.err.println(
          "keepalived's checkers: need keepalived and Debian's user-mode-linux (--where host"
              + " measures lvs4j alone)");
      System.exit(3);
      return;
    }
    System.exit(measure(guest.get(), options.get()));
  }

  private static int measure(UserModeLinux guest, Options options) {
    try (var workspace = Workspace.create()) {
      var machine = new Machine(MEGABYTES, OPEN_FILES, List.of("ip_vs", "ip_vs_rr"));
      var command =
          Jvm.command(
              List.of(
                  "-XX:+UseSerialGC",
                  "-XX:-UsePerfData",
                  "-Xmx128m",
                  "-Djava.io.tmpdir=" + workspace.directory("temporary")),
              CheckCosts.class.getName(),
              options.arguments());
      var rows = options.servers().size() * 2;
      var atMost = options.window().plusMinutes(4).multipliedBy(rows).plusMinutes(5);
      var result = guest.run(workspace, machine, command, atMost);
      System.out.print(result.output());
      return result.status() == 0 ? 0 : 1;
    } catch (NotBootedException unbootable) {
      System.err.println(unbootable.getMessage());
      return 3;
    }
  }
}
