package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Two network namespaces and a cable between them: {@code eth0} with 10.77.0.1 in one and 10.77.0.2
 * in the other. Closing removes both, and with them the cable.
 */
public final class TwoHosts implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String PREFIX = "lvs4j-" + ProcessHandle.current().pid() + "-";

  private final String suffix = PREFIX + NUMBER.incrementAndGet();
  private final NetworkNamespace here = new NetworkNamespace(suffix + "a");
  private final NetworkNamespace there = new NetworkNamespace(suffix + "b");

  private TwoHosts() {}

  /** Says why namespaces can't be made here; empty when they can. */
  public static String obstacle() {
    if (!Files.isExecutable(Path.of("/usr/sbin/ip")) && !Files.isExecutable(Path.of("/sbin/ip"))) {
      return "there is no ip command";
    }
    return Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"))
        ? ""
        : "network namespaces need root";
  }

  public static TwoHosts connect() throws Exception {
    sweep();
    var hosts = new TwoHosts();
    try {
      ip("netns add " + hosts.here.name());
      ip("netns add " + hosts.there.name());
      ip(
          "link add eth0 netns %s type veth peer name eth0 netns %s"
              .formatted(hosts.here.name(), hosts.there.name()));
      hosts.setUp(hosts.here, 1);
      hosts.setUp(hosts.there, 2);
      hosts.awaitCarrier();
      return hosts;
    } catch (Exception | AssertionError failed) {
      hosts.close();
      throw failed;
    }
  }

  /** Removes what a test process has left that was killed before it could clean up. */
  private static void sweep() throws Exception {
    for (var name : namespaces()) {
      var left = Pattern.compile("lvs4j-(\\d+)-\\d+[ab]").matcher(name);
      if (left.matches() && ProcessHandle.of(Long.parseLong(left.group(1))).isEmpty()) {
        ip("netns delete " + name);
      }
    }
  }

  private static List<String> namespaces() throws IOException {
    var directory = Path.of("/run/netns");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var names = Files.list(directory)) {
      return names.map(path -> path.getFileName().toString()).toList();
    }
  }

  private void setUp(NetworkNamespace host, int number) throws Exception {
    ip(host, "link set lo up");
    // Duplicate address detection would make each test wait for two seconds.
    in(host, () -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/eth0/accept_dad"), "0"));
    ip(host, "link set eth0 up");
    ip(host, "address add 10.77.0." + number + "/24 dev eth0");
    ip(host, "address add 2001:db8:77::" + number + "/64 dev eth0 nodad");
  }

  /**
   * The kernel tells of a carrier, and makes the routes that need one, some time after the fact.
   */
  private void awaitCarrier() {
    for (var host : List.of(here, there)) {
      await().until(() -> ip(host, "link show eth0").contains("state UP"));
      await().until(() -> ip(host, "-6 address show dev eth0 scope link").contains("fe80:"));
    }
  }

  public NetworkNamespace here() {
    return here;
  }

  public NetworkNamespace there() {
    return there;
  }

  /** Runs a task on a thread of its own in one of the namespaces. */
  public static <T> T in(NetworkNamespace host, Callable<T> task) throws Exception {
    return host.call(new NativeKernel(), task);
  }

  /** Runs an {@code ip} command in one of the namespaces. */
  public static String ip(NetworkNamespace host, String arguments) throws Exception {
    return ip("-n " + host.name() + " " + arguments);
  }

  private static String ip(String arguments) throws Exception {
    return run("ip " + arguments);
  }

  /** Runs a command and returns its output; it must succeed. */
  public static String run(String command) throws Exception {
    var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }

  @Override
  public void close() throws Exception {
    for (var host : new NetworkNamespace[] {here, there}) {
      if (Files.exists(Path.of("/run/netns", host.name()))) {
        ip("netns delete " + host.name());
      }
    }
    assertThat(namespaces()).as("namespaces left behind").doesNotContain(here.name(), there.name());
  }
}
