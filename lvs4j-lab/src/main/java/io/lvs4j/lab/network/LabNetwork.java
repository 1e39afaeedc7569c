package io.lvs4j.lab.network;

import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.linux.LinuxNative;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    ip.run("netns add " + bridge.name());
    hosts.forEach(host -> ip.run("netns add " + host.namespace().name()));
    var lines = new ArrayList<>(List.of("link add br0 type bridge stp_state 0 mcast_snooping 0"));
    for (Host host : hosts) {
      lines.add(
          "link add %s type veth peer name %s address %s netns %s"
              .formatted(host.port(), Host.CARD, host.card(), host.namespace().name()));
      lines.add("link set %s master br0 up".formatted(host.port()));
    }
    lines.add("link set br0 up");
    ip.batch(bridge.name(), lines);
    for (Host host : hosts) {
      // Duplicate address detection would make each test wait for two seconds.
      host.set("net/ipv6/conf/" + Host.CARD + "/accept_dad", "0");
      ip.batch(
          host.namespace().name(),
          List.of(
              "link set lo up",
              "link set " + Host.CARD + " up",
              "address add %s/24 dev %s".formatted(host.ipv4().getHostAddress(), Host.CARD),
              "address add %s/64 dev %s nodad".formatted(host.ipv6().getHostAddress(), Host.CARD)));
    }
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

  /** Records what the switch forwards, if tcpdump is there. */
  public Capture capture(Workspace workspace) {
    return Capture.start(workspace, command -> ip.within(bridge.name(), command), "br0");
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
    var names = new ArrayList<>(hosts.stream().map(host -> host.namespace().name()).toList());
    names.add(bridge.name());
    var there = namespaces();
    names.stream().filter(there::contains).forEach(name -> ip.run("netns delete " + name));
    OPEN.remove(this);
  }

  @Override
  public String toString() {
    return Arrays.toString(hosts.toArray());
  }
}
