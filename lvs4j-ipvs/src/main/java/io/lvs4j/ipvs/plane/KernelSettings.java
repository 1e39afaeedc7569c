package io.lvs4j.ipvs.plane;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What virtual servers need of a director's kernel: its sysctls, net/netfilter/ipvs/ip_vs_ctl.c and
 * Documentation/networking/ipvs-sysctl.rst. Real servers have needs of their own (ARP, reverse path
 * filter) that can't be seen from here.
 */
public final class KernelSettings {
  /** The sysctls of the calling thread's network namespace. */
  public static final Path FILES = Path.of("/proc/sys");

  private final Path files;
  private final Map<String, KernelSetting> wrong = new LinkedHashMap<>();

  private KernelSettings(Path files) {
    this.files = files;
  }

  /** Returns what is other than these virtual servers need it, each once; changes nothing. */
  public static List<KernelSetting> wrongFor(Collection<VirtualServer> virtualServers) {
    return wrongFor(virtualServers, FILES);
  }

  /**
   * Returns what is other than these virtual servers need it.
   *
   * @param files where the sysctls are: /proc/sys
   */
  static List<KernelSetting> wrongFor(Collection<VirtualServer> virtualServers, Path files) {
    var settings = new KernelSettings(files);
    virtualServers.forEach(settings::check);
    return List.copyOf(settings.wrong.values());
  }

  private void check(VirtualServer definition) {
    var methods = new ArrayList<ForwardingMethod>();
    Stream.concat(definition.realServers().stream(), definition.sorryServer().stream())
        .map((RealServer server) -> definition.forwardingOf(server))
        .forEach(methods::add);
    if (methods.isEmpty()) {
      methods.add(definition.forwarding());
    }
    if (methods.contains(ForwardingMethod.NAT)) {
      masquerading(definition.id().family());
    }
    if (methods.contains(ForwardingMethod.TUNNEL)) {
      advise(
          "net.ipv4.vs.pmtu_disc",
          Set.of("1"),
          "1",
          "so that clients learn of the room that a tunnel takes");
    }
    if (definition.id() instanceof VirtualServerId.FirewallMark) {
      advise(
          "net.ipv4.conf.all.rp_filter",
          Set.of("0", "2"),
          "2",
          "for marked packets may come in where the route to the client doesn't lead");
    }
    advise(
        "net.ipv4.vs.run_estimation",
        Set.of("1"),
        "1",
        "for without it the kernel's statistics stand still");
    advise(
        "net.ipv4.vs.conn_reuse_mode",
        Set.of("1", "3"),
        "1",
        "so that a client's port that is used again gets a server that lives");
    advise(
        "net.ipv4.vs.expire_nodest_conn",
        Set.of("1"),
        "1",
        datagrams(definition)
            ? "so that sessions to a server that was removed move to another at once"
            : "so that connections to a server that was removed end at once");
    if (definition.persistence().isPresent()) {
      advise(
          "net.ipv4.vs.expire_quiescent_template",
          Set.of("1"),
          "1",
          "for else persistent clients keep coming to a server that is drained");
    }
  }

  private static boolean datagrams(VirtualServer definition) {
    return definition.id() instanceof VirtualServerId.Address(Protocol protocol, _)
        && protocol == Protocol.UDP;
  }

  private void masquerading(AddressFamily family) {
    switch (family) {
      case IPV4 -> {
        require("net.ipv4.ip_forward", "1", "for the answers of NAT pass through this host");
        advise(
            "net.ipv4.conf.all.send_redirects",
            Set.of("0"),
            "0",
            "for a redirect would lead answers past this host");
        // The kernel sends them if either says so.
        for (var networkInterface : interfaces()) {
          advise(
              "net.ipv4.conf." + networkInterface.replace('.', '/') + ".send_redirects",
              Set.of("0"),
              "0",
              "for a redirect would lead answers past this host");
        }
      }
      case IPV6 ->
          require(
              "net.ipv6.conf.all.forwarding", "1", "for the answers of NAT pass through this host");
    }
    if (read("net.netfilter.nf_conntrack_max") != null) {
      advise(
          "net.ipv4.vs.conntrack",
          Set.of("1"),
          "1",
          "if rules of the firewall (state, MASQUERADE) are to see these connections");
    }
  }

  private List<String> interfaces() {
    try (var all = Files.list(files.resolve("net/ipv4/conf"))) {
      return all.map(each -> each.getFileName().toString())
          .filter(name -> !Set.of("all", "default", "lo").contains(name))
          .sorted()
          .toList();
    } catch (IOException absent) {
      return List.of();
    }
  }

  private void require(String name, String wanted, String reason) {
    note(name, Set.of(wanted), wanted, true, reason);
  }

  private void advise(String name, Set<String> right, String wanted, String reason) {
    note(name, right, wanted, false, reason);
  }

  private void note(
      String name, Set<String> right, String wanted, boolean required, String reason) {
    var actual = read(name);
    // A kernel that hasn't got it can't have it wrong.
    if (actual != null && !right.contains(actual)) {
      wrong.putIfAbsent(name, new KernelSetting(name, actual, wanted, required, reason));
    }
  }

  private @Nullable String read(String name) {
    try {
      return Files.readString(file(files, name)).strip();
    } catch (IOException absent) {
      // Not in this kernel, or not for us to read: there is nothing to say of it.
      return null;
    }
  }

  /** As sysctl has it, a dot in the name of an interface is written as a slash. */
  static Path file(Path files, String name) {
    var path = new StringBuilder(name);
    for (int i = 0; i < path.length(); i++) {
      switch (path.charAt(i)) {
        case '.' -> path.setCharAt(i, '/');
        case '/' -> path.setCharAt(i, '.');
        default -> {}
      }
    }
    return files.resolve(path.toString());
  }
}
