package io.lvs4j.benchmarks.ipvs;

import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.UserModeLinux;
import io.lvs4j.lab.peer.UserModeLinux.Machine;
import io.lvs4j.lab.peer.UserModeLinux.NotBootedException;
import io.lvs4j.lab.peer.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Boots a kernel that has ip_vs and measures there; see {@link TableTimes}. */
public final class IpvsBenchmark {
  private static final Duration AT_MOST = Duration.ofMinutes(30);
  private static final int MEGABYTES = 3072;

  private IpvsBenchmark() {}

  /** Runs as the arguments say; exit status 2 for bad ones, 3 if the host lacks something. */
  public static void main(String[] arguments) {
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
    var guest = UserModeLinux.find();
    if (guest.isEmpty() || Program.find("ipvsadm").isEmpty()) {
      System.err.println("a kernel with ip_vs: needs Debian's user-mode-linux and ipvsadm");
      System.exit(3);
      return;
    }
    System.exit(measure(guest.get(), options.get()));
  }

  private static int measure(UserModeLinux guest, Options options) {
    try (var workspace = Workspace.create()) {
      var machine = new Machine(MEGABYTES, 10_000, List.of("ip_vs"));
      var command =
          Jvm.command(
              List.of(
                  "-XX:+UseSerialGC",
                  "-XX:-UsePerfData",
                  "-Xmx1g",
                  "-Djava.io.tmpdir=" + workspace.directory("temporary")),
              TableTimes.class.getName(),
              options.arguments());
      var result = guest.run(workspace, machine, command, AT_MOST);
      System.out.print(result.output());
      return result.status() == 0 ? 0 : 1;
    } catch (NotBootedException unbootable) {
      System.err.println(unbootable.getMessage());
      return 3;
    }
  }
}
