package io.lvs4j.lab.ipvs;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * The kernel's table of a host, as it is compared with that of another kernel.
 *
 * @param saved what {@code ipvsadm-save -n} says, in its own order
 * @param thresholds what ipvsadm lists of connection thresholds, which it doesn't save
 * @param order the real servers of each virtual server in the order of the kernel
 */
record TableOf(String saved, String thresholds, String order) {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** What has to be so before a table counts as settled. */
  interface Condition {
    boolean holds();
  }

  private static TableOf host(Host host) {
    var ipvsadm = new Ipvsadm(host);
    var save = Program.find("ipvsadm-save").orElseThrow();
    return new TableOf(
        host.run(save.command("-n"), List.of()),
        ipvsadm.run("-L -n --thresholds"),
        ipvsadm.order().entrySet().stream()
            .map(Map.Entry::toString)
            .collect(Collectors.joining("\n")));
  }

  /**
   * Makes a change that a host's table will follow, and returns the table as soon as it is another
   * one, a condition holds, and the table has not changed any more for this long.
   */
  static TableOf settled(Host host, Duration unchanged, Runnable change, Condition condition) {
    var settled = new Settled(host, condition);
    change.run();
    await("a table that has changed, and doesn't change any more")
        .during(unchanged)
        .pollInterval(Duration.ofMillis(100))
        .atMost(PATIENCE)
        .until(settled);
    return host(host);
  }

  /** Says whether the table is another than at the beginning, and as when this was asked before. */
  private static final class Settled implements Callable<Boolean> {
    private final Host host;
    private final Condition condition;
    private final String before;
    private String last;

    Settled(Host host, Condition condition) {
      this.host = host;
      this.condition = condition;
      this.before = table(host);
      this.last = before;
    }

    @Override
    public Boolean call() {
      var now = table(host);
      boolean same = now.equals(last);
      last = now;
      return same && !now.equals(before) && condition.holds();
    }

    // Without a process, which takes long in the guest.
    private static String table(Host host) {
      return host.call(() -> Files.readString(Path.of("/proc/thread-self/net/ip_vs")));
    }
  }

  @Override
  public String toString() {
    return String.join("\n", saved, thresholds, "in the kernel's order:", order);
  }
}
