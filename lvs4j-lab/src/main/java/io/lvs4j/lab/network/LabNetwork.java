package io.lvs4j.lab.network;

import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.linux.LinuxNative;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hosts on one link, each a network namespace; the link is a bridge in a namespace of its own.
 * Nothing outside of these namespaces is touched. Closing removes them; so does the end of this
 * JVM, and the next start after a kill.
 */
public final class LabNetwork implements AutoCloseable {
  private static final String PREFIX = "lvs4jlab-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\d+-\\w+");
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Set<LabNetwork> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> OPEN.forEach(LabNetwork::close), "lvs4j-lab-network-exit"));
  }

  private final IpCommand ip;
  private final NetworkNamespace bridge;
  private final List<Host> hosts = new ArrayList<>();

  private LabNetwork(IpCommand ip, String... names) {
    this.ip = ip;
    String prefix = PREFIX + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    this.bridge = new NetworkNamespace(prefix + "switch");
    for (int i = 0; i < names.length; i++) {
      hosts.add(new Host(this, names[i], i + 1, new NetworkNamespace(prefix + names[i])));
    }
  }

  /** Returns why there can be no such network here; empty when there can. */
  public static Optional<String> obstacle() {
    if (IpCommand.find().isEmpty()) {
      return Optional.of("ip is not installed (Debian: apt install iproute2)");
    }
    if (!LinuxNative.isAvailable()) {
      return LinuxNative.unavailabilityCause().map(Throwable::getMessage);
    }
    return Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"))
        ? Optional.empty()
        : Optional.of("network namespaces need root");
  }

  /**
   * Makes a network of hosts with these names.
   *
   * @throws IllegalStateException when the host of it all refuses; nothing is left behind
   */
  public static LabNetwork of(String... names) {
    var ip = IpCommand.find().orElseThrow(() -> new IllegalStateException("ip: not installed"));
    sweep(ip);
    var network = new LabNetwork(ip, names);
    OPEN.add(network);
    try {
      network.setUp();
      return network;
    } catch (RuntimeException failed) {
      network.close();
      throw failed;
    }
  }

  /** Removes what a JVM has left that was killed before it could clean up. */
  private static synchronized void sweep(IpCommand ip) {
    for (String name : namespaces()) {
      var left = NAME.matcher(name);
      if (left.matches() && ProcessHandle.of(Long.parseLong(left.group(1))).isEmpty()) {
        ip.run("netns delete " + name);
      }
    }
  }

  /** Returns the names of all network namespaces of this machine. */
  public static List<String> namespaces() {
    if (!Files.isDirectory(NAMESPACES)) {
      return List.of();
    }
    try (var names = Files.list(NAMESPACES)) {
      return names.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(NAMESPACES + " can't be listed", e);
    }
  }

  private void setUp() {
    ip.batch(names().stream().map(name -> "netns add " + name).toList());
    var lines = new ArrayList<>(List.of("link add br0 type bridge stp_state 0 mcast_snooping 0"));
    hosts.forEach(host -> lines.addAll(card(host)));
    lines.add("link set br0 up");
    ip.batch(bridge.name(), lines);
    for (Host host : hosts) {
      address(host, Host.CARD, host.ipv4(), host.ipv6());
    }
  }

  private static List<String> card(Host host) {
    return List.of(
        "link add %s type veth peer name %s address %s netns %s"
            .formatted(host.port(), Host.CARD, host.card(), host.namespace().name()),
        "link set %s master br0 up".formatted(host.port()));
  }

  void newCard(Host host) {
    ip.batch(bridge.name(), card(host));
    address(host, Host.CARD, host.ipv4(), host.ipv6());
  }

  private void address(Host host, String card, Inet4Address ipv4, Inet6Address ipv6) {
    // Duplicate address detection would make each test wait for two seconds.
    host.set("net/ipv6/conf/" + card + "/accept_dad", "0");
    ip.batch(
        host.namespace().name(),
        List.of(
            "link set lo up",
            "link set " + card + " up",
            "address add %s/24 dev %s".formatted(ipv4.getHostAddress(), card),
            "address add %s/64 dev %s nodad".formatted(ipv6.getHostAddress(), card)));
  }

  /** Returns the host of this name. */
  public Host host(String name) {
    return hosts.stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("host: " + name + " (expected: one of " + hosts + ")"));
  }

  /** Returns all hosts in the order of their numbers. */
  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** Returns the hosts that have an address on any of their devices. */
  public List<Host> holders(InetAddress address) {
    return hosts.stream().filter(host -> host.has(address)).toList();
  }

  /** Records what the switch forwards, if tcpdump is there. */
  public Capture capture(Workspace workspace) {
    return capture(workspace, Capture.VRRP_AND_NEIGHBOURS);
  }

  /** Records what the switch forwards of what a filter of tcpdump lets through. */
  public Capture capture(Workspace workspace, String filter) {
    return Capture.start(workspace, command -> ip.within(bridge.name(), command), "br0", filter);
  }

  /** Records what is on the back link of what a filter of tcpdump lets through. */
  public Capture captureBack(Workspace workspace, String filter) {
    return Capture.start(workspace, command -> ip.within(bridge.name(), command), "br1", filter);
  }

  /**
   * Connects hosts to a second link as well, by a second card, {@code eth1}, with addresses of
   * their own there.
   */
  public void backLink(String... names) {
    var lines = new ArrayList<>(List.of("link add br1 type bridge stp_state 0 mcast_snooping 0"));
    for (String name : names) {
      Host host = host(name);
      lines.add(
          "link add back%d type veth peer name %s address %s netns %s"
              .formatted(host.number(), Host.BACK_CARD, host.backCard(), host.namespace().name()));
      lines.add("link set back%d master br1 up".formatted(host.number()));
    }
    lines.add("link set br1 up");
    ip.batch(bridge.name(), lines);
    for (String name : names) {
      Host host = host(name);
      address(host, Host.BACK_CARD, host.backIpv4(), host.backIpv6());
    }
  }

  private List<String> names() {
    return Stream.concat(hosts.stream().map(Host::namespace), Stream.of(bridge))
        .map(NetworkNamespace::name)
        .toList();
  }

  IpCommand ip() {
    return ip;
  }

  void cable(Host host, String upOrDown) {
    ip.run("-n %s link set %s %s".formatted(bridge.name(), host.port(), upOrDown));
  }

  void port(Host host, int state) {
    ip.runBridge("-n %s link set dev %s state %d".formatted(bridge.name(), host.port(), state));
  }

  @Override
  public synchronized void close() {
    var there = namespaces();
    ip.batch(names().stream().filter(there::contains).map(name -> "netns delete " + name).toList());
    OPEN.remove(this);
  }

  @Override
  public String toString() {
    return Arrays.toString(hosts.toArray());
  }
}
