package io.lvs4j.linux;

import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.host.VirtualAddressClaim;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** A process that holds an address until it is killed. */
final class AddressHolder {
  private AddressHolder() {}

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
            .addressLifetime(Duration.ofSeconds(2))
            .open()) {
      network.claim(claim);
      System.out.println("held");
      while (true) {
        network.await(System.nanoTime() + Duration.ofHours(1).toNanos());
      }
    }
  }
}
