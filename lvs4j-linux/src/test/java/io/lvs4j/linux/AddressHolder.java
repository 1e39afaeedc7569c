package io.lvs4j.linux;

import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that holds an address until it is killed. Its arguments are the mechanism, the address,
 * the length of the prefix, and the lifetime where the mechanism has one.
 */
final class AddressHolder {
  private AddressHolder() {}

  /** Starts such a process and waits until it holds the address. */
  static Process start(
      NetworkNamespace host,
      AddressMechanism mechanism,
      String literal,
      int prefixLength,
      Duration lifetime)
      throws IOException {
    var holder =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                host.name(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                AddressHolder.class.getName(),
                mechanism.name(),
                literal,
                "" + prefixLength,
                lifetime.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!"held".equals(holder.inputReader().readLine())) {
      holder.destroyForcibly();
      throw new AssertionError(literal + " is not held");
    }
    return holder;
  }

  public static void main(String[] arguments) throws Exception {
    var mechanism = AddressMechanism.valueOf(arguments[0]);
    var claim =
        new VirtualAddressClaim(
            "eth0",
            InetAddress.ofLiteral(arguments[1]),
            Integer.parseInt(arguments[2]),
            Optional.empty(),
            AddressScope.GLOBAL,
            true);
    try (var network =
        LinuxHostNetwork.builder()
            .addressMechanism(mechanism)
            .addressLifetime(Duration.parse(arguments[3]))
            .open()) {
      network.claim(claim);
      System.out.println("held");
      while (true) {
        network.await(System.nanoTime() + Duration.ofHours(1).toNanos());
      }
    }
  }
}
