package io.lvs4j.examples.viponly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A client, 10.99.0.3, and two hosts, 10.99.0.1 and 10.99.0.2, each plugged by its {@code eth0}
 * into the client's bridge. All are network namespaces, which closing removes.
 */
final class ThreeHosts implements AutoCloseable {
  private static final String PREFIX = "lvs4j-vip-" + ProcessHandle.current().pid() + "-";

  private final List<String> made = new ArrayList<>();

  /** Says why namespaces can't be made here; empty when they can. */
  static String obstacle() {
    return Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"))
            && (Files.isExecutable(Path.of("/usr/sbin/ip"))
                || Files.isExecutable(Path.of("/sbin/ip")))
        ? ""
        : "network namespaces need root and the ip command";
  }

  static ThreeHosts connect() throws Exception {
    var hosts = new ThreeHosts();
    try {
      hosts.make("client");
      ip("client", "link add br0 type bridge");
      ip("client", "link set br0 up");
      ip("client", "address add 10.99.0.3/24 dev br0");
      for (int number = 1; number <= 2; number++) {
        var host = "host" + number;
        hosts.make(host);
        run(
            "ip link add eth0 netns %s type veth peer name port%d netns %s"
                .formatted(namespace(host), number, namespace("client")));
        ip("client", "link set port" + number + " master br0 up");
        ip(host, "link set eth0 up");
        ip(host, "address add 10.99.0." + number + "/24 dev eth0");
      }
      return hosts;
    } catch (Exception | AssertionError failed) {
      hosts.close();
      throw failed;
    }
  }

  private void make(String host) throws Exception {
    run("ip netns add " + namespace(host));
    made.add(host);
    ip(host, "link set lo up");
  }

  static String namespace(String host) {
    return PREFIX + host;
  }

  /** Runs an {@code ip} command on one of them. */
  static String ip(String host, String arguments) throws Exception {
    return run("ip -n " + namespace(host) + " " + arguments);
  }

  /** Returns what a web server answers to the client; empty when nobody does. */
  static String ask(String address, int port) throws Exception {
    return new NetworkNamespace(namespace("client"))
        .call(
            new NativeKernel(),
            () -> {
              try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 300);
                socket.setSoTimeout(1000);
                socket
                    .getOutputStream()
                    .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return new String(
                    socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
              } catch (IOException nobody) {
                return "";
              }
            });
  }

  private static String run(String command) throws Exception {
    var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }

  @Override
  public void close() throws Exception {
    for (var host : made) {
      run("ip netns delete " + namespace(host));
    }
  }
}
