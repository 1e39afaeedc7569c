package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts on one link: network namespaces with {@code eth0} at 10.88.0.1, 10.88.0.2 and so on,
 * plugged into a bridge in a namespace of its own. Closing removes all of them.
 */
final class RouterHosts implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String prefix =
      "lvs4j-router-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
  private final List<String> made = new ArrayList<>();
  private final int count;

  private RouterHosts(int count) {
    this.count = count;
  }

  /** Says why namespaces can't be made here; empty when they can. */
  static String obstacle() {
    return Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"))
            && (Files.isExecutable(Path.of("/usr/sbin/ip"))
                || Files.isExecutable(Path.of("/sbin/ip")))
        ? ""
        : "network namespaces need root and the ip command";
  }

  static RouterHosts connect(int count) throws Exception {
    var hosts = new RouterHosts(count);
    try {
      hosts.make("switch");
      hosts.ip("switch", "link add br0 type bridge");
      hosts.ip("switch", "link set br0 up");
      for (int i = 1; i <= count; i++) {
        hosts.make(host(i));
        hosts.plug(i);
      }
      return hosts;
    } catch (Exception | AssertionError failed) {
      hosts.close();
      throw failed;
    }
  }

  private void make(String host) throws Exception {
    run("ip netns add " + prefix + host);
    made.add(host);
    ip(host, "link set lo up");
  }

  /** Gives a host its interface. */
  void plug(int number) throws Exception {
    var host = host(number);
    run(
        "ip link add eth0 netns %s type veth peer name port%d netns %s"
            .formatted(prefix + host, number, prefix + "switch"));
    ip("switch", "link set port" + number + " master br0 up");
    in(number, () -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/eth0/accept_dad"), "0"));
    ip(host, "link set eth0 up");
    ip(host, "address add 10.88.0." + number + "/24 dev eth0");
  }

  private static String host(int number) {
    return "h" + number;
  }

  String namespace(int host) {
    return prefix + host(host);
  }

  /** Cuts or mends the cable of a host. */
  void cable(int host, boolean whole) throws Exception {
    ip("switch", "link set port" + host + (whole ? " up" : " down"));
  }

  String ip(int host, String arguments) throws Exception {
    return ip(host(host), arguments);
  }

  private String ip(String host, String arguments) throws Exception {
    return run("ip -n " + prefix + host + " " + arguments);
  }

  /** Runs a task on a thread of its own in a host; threads that it starts are there too. */
  <T> T in(int host, Callable<T> task) throws Exception {
    return new NetworkNamespace(namespace(host)).call(new NativeKernel(), task);
  }

  /** Says on which host an address is, among those that have it. */
  List<Integer> holders(String address) throws Exception {
    var holders = new ArrayList<Integer>();
    for (int i = 1; i <= count; i++) {
      if (!ip(i, "-oneline address show to " + address).isBlank()) {
        holders.add(i);
      }
    }
    return holders;
  }

  /** Says whether a host reaches an address, with what it knows of the link. */
  boolean connects(int host, String address, int port) throws Exception {
    return in(
        host,
        () -> {
          try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 500);
            return true;
          } catch (IOException unreachable) {
            return false;
          }
        });
  }

  static String run(String command) throws Exception {
    var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }

  @Override
  public void close() throws Exception {
    for (var host : made) {
      run("ip netns delete " + prefix + host);
    }
  }
}
