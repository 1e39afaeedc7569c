package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static io.lvs4j.linux.TwoHosts.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import io.lvs4j.linux.netlink.Neighbour;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Two real network namespaces with a cable between them, and a host network in each. Skipped where
 * namespaces can't be made.
 */
@Timeout(180)
abstract class BetweenTwoHosts {
  static final byte[] MESSAGE = {0x31, 51, (byte) 150, 1, 0, 100, 0x38, 0x22};
  static final Duration LONG_ENOUGH = Duration.ofSeconds(10);
  static final InetAddress OUR_ADDRESS = address("10.77.0.1");
  static final InetAddress THEIR_ADDRESS = address("10.77.0.2");
  static final InetAddress VIP = address("10.77.0.100");
  static final InetAddress GROUP = address("224.0.0.18");

  TwoHosts hosts;
  LinuxHostNetwork ours;
  LinuxHostNetwork theirs;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
    ours = in(hosts.here(), LinuxHostNetwork::open);
    theirs = in(hosts.there(), LinuxHostNetwork::open);
  }

  @AfterEach
  void disconnect() throws Exception {
    try (var all = hosts) {
      if (ours != null) {
        ours.close();
      }
      if (theirs != null) {
        theirs.close();
      }
    }
    assertThat(Descriptor.open()).as("descriptors left open").isEmpty();
  }

  static VrrpChannelSettings multicast(InetAddress source) {
    return VrrpChannelSettings.multicast("eth0", source, GROUP);
  }

  static VirtualAddressClaim claim(String literal, int prefixLength) {
    return new VirtualAddressClaim(
        "eth0", address(literal), prefixLength, Optional.empty(), AddressScope.GLOBAL, true);
  }

  static VrrpChannel open(
      NetworkNamespace host, LinuxHostNetwork network, VrrpChannelSettings settings)
      throws Exception {
    return in(host, () -> network.openVrrp(settings));
  }

  static InterfaceState state(NetworkNamespace host, LinuxHostNetwork network) throws Exception {
    return in(host, () -> network.watch("eth0")).orElseThrow();
  }

  static InetAddress linkLocal(NetworkNamespace host, LinuxHostNetwork network) throws Exception {
    await().atMost(LONG_ENOUGH).until(() -> state(host, network).linkLocalIpv6().isPresent());
    return state(host, network).linkLocalIpv6().orElseThrow();
  }

  void reopen(AddressMechanism mechanism, Duration lifetime) throws Exception {
    ours.close();
    ours =
        in(
            hosts.here(),
            LinuxHostNetwork.builder().addressMechanism(mechanism).addressLifetime(lifetime)::open);
  }

  interface Task {
    void run() throws Exception;
  }

  void inHere(Task task) throws Exception {
    in(
        hosts.here(),
        () -> {
          task.run();
          return true;
        });
  }

  static boolean announce(LinuxHostNetwork network, InetAddress address)
      throws HostNetworkException {
    network.announce("eth0", address);
    return true;
  }

  /** Returns the device that an address of ours is on. */
  String device(String literal) throws Exception {
    return ip(hosts.here(), "-oneline address show to " + literal).split(" +")[1];
  }

  List<Neighbour> neighbours() throws Exception {
    try (var route = in(hosts.there(), () -> RouteNetlink.open(new NativeKernel()))) {
      return route.neighbours();
    }
  }

  /** Says whether the other host reaches an address, asking the link for it anew. */
  boolean connects(InetAddress address, int port) throws Exception {
    ip(hosts.there(), "neigh flush all");
    return in(
        hosts.there(),
        () -> {
          try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
          } catch (IOException unreachable) {
            return false;
          }
        });
  }

  static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  static <T extends HostEvent> T next(LinuxHostNetwork network, Class<T> kind) throws Exception {
    return next(network, kind, _ -> true);
  }

  static <T extends HostEvent> T next(LinuxHostNetwork network, Class<T> kind, Predicate<T> which)
      throws Exception {
    long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
    var others = new ArrayList<HostEvent>();
    while (deadline - System.nanoTime() > 0) {
      for (var event : network.await(deadline)) {
        if (kind.isInstance(event) && which.test(kind.cast(event))) {
          return kind.cast(event);
        }
        others.add(event);
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " but " + others);
  }
}
