package io.lvs4j.lab.ipvs;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.network.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * The kernel's table of a host, as a test compares it with that of another.
 *
 * @param saved what {@code ipvsadm --save} says, in its own order
 * @param thresholds what it lists of connection thresholds, which it doesn't save
 * @param order the real servers of each virtual server in the order of the kernel
 */
record TableOf(List<String> saved, List<String> thresholds, SortedMap<String, List<String>> order) {
  private static TableOf host(Host host) {
    var ipvsadm = new Ipvsadm(host);
    return new TableOf(
        ipvsadm.save(),
        ipvsadm.run("-L -n --thresholds").lines().map(String::strip).toList(),
        ipvsadm.order());
  }

  /**
   * Makes a change that all of these hosts' tables will follow, and returns them as soon as all
   * have changed and none has changed any more for this long.
   */
  static List<TableOf> settled(Duration unchanged, Runnable change, Host... hosts) {
    var settled = new Settled(List.of(hosts));
    change.run();
    await("tables that have changed, and don't change any more")
        .during(unchanged)
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofMinutes(1))
        .until(settled);
    return List.of(hosts).stream().map(TableOf::host).toList();
  }

  /** Says whether tables are other than at the beginning, and as when this was asked before. */
  private static final class Settled implements Callable<Boolean> {
    private final List<Host> hosts;
    private final List<String> before;
    private List<String> last;

    Settled(List<Host> hosts) {
      this.hosts = hosts;
      this.before = hosts.stream().map(Settled::table).toList();
      this.last = before;
    }

    @Override
    public Boolean call() {
      var now = hosts.stream().map(Settled::table).toList();
      boolean same = now.equals(last);
      last = now;
      return same
          && IntStream.range(0, hosts.size())
              .noneMatch(host -> now.get(host).equals(before.get(host)));
    }

    // Without a process, which takes long in the guest.
    private static String table(Host host) {
      return host.call(() -> Files.readString(Path.of("/proc/thread-self/net/ip_vs")));
    }
  }

  @Override
  public String toString() {
    return String.join("\n", saved)
        + "\n"
        + String.join("\n", thresholds)
        + "\nin the kernel's order: "
        + order;
  }
}
