package io.lvs4j.lab.peer;

import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** keepalived in the foreground: as a VRRP router and nothing else, or as all that a file says. */
public final class Keepalived {
  private final Program program;

  private Keepalived(Program program) {
    this.program = program;
  }

  /** Returns keepalived if it is installed. */
  public static Optional<Keepalived> find() {
    return Program.find("keepalived").map(Keepalived::new);
  }

  /** Returns its version as it words it. */
  public String version() {
    return program.version("-v");
  }

  /**
   * Writes its configuration into a workspace, and returns the command that runs it from there. Its
   * log goes to standard error.
   */
  public List<String> command(
      Workspace workspace, List<VrrpInstance> instances, List<String> globals) {
    return command(workspace, configuration(instances, globals), "--vrrp");
  }

  /**
   * Writes a configuration into a workspace, and returns the command that runs it from there,
   * health checks and virtual servers too. Its log goes to standard error.
   */
  public List<String> command(Workspace workspace, String configuration) {
    return command(workspace, configuration, "--log-detail");
  }

  /** Returns the file that a command has keepalived read. */
  public static Path file(List<String> command) {
    return command.stream()
        .filter(word -> word.startsWith("--use-file="))
        .map(word -> Path.of(word.substring(word.indexOf('=') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private List<String> command(Workspace workspace, String configuration, String option) {
    Path directory = workspace.directory("keepalived");
    Path file = directory.resolve("keepalived.conf");
    try {
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
    return program.command(
        option,
        "--dont-fork",
        "--log-console",
        "--log-detail",
        "--no-syslog",
        "--use-file=" + file,
        "--pid=" + directory.resolve("keepalived.pid"),
        "--vrrp_pid=" + directory.resolve("vrrp.pid"),
        "--checkers_pid=" + directory.resolve("checkers.pid"));
  }

  /**
   * Returns the configuration of instances in keepalived's words. All that is not said of an
   * instance stays as keepalived has it.
   *
   * @param globals further lines of {@code global_defs}
   * @throws IllegalArgumentException when an instance asks for what keepalived 2.2.7 has not, or
   *     what this doesn't translate
   */
  public static String configuration(List<VrrpInstance> instances, List<String> globals) {
    var lines = new ArrayList<String>();
    lines.add("global_defs {");
    globals.forEach(line -> lines.add("  " + line));
    lines.add("}");
    instances.forEach(instance -> add(lines, instance));
    return String.join("\n", lines) + "\n";
  }

  private static void add(List<String> lines, VrrpInstance instance) {
    refuse(instance, !instance.trackers().isEmpty(), "trackers");
    refuse(instance, instance.checksum() != ChecksumDialect.KEEPALIVED, "checksum");
    refuse(instance, instance.multicastGroup().isPresent(), "multicast group");
    String networkInterface = instance.networkInterface().orElseThrow();
    lines.add("vrrp_instance " + instance.name() + " {");
    lines.add("  interface " + networkInterface);
    lines.add("  version " + instance.version().number());
    lines.add("  virtual_router_id " + instance.virtualRouterId().value());
    lines.add("  priority " + instance.priority().value());
    lines.add("  advert_int " + seconds(instance.advertisementInterval()));
    if (!instance.isPreempting()) {
      lines.add("  nopreempt");
    }
    if (instance.preemptDelay().isPositive()) {
      lines.add("  preempt_delay " + seconds(instance.preemptDelay()));
    }
    instance
        .sourceAddress()
        .ifPresent(source ->
            lines.add(
                (instance.unicastPeers().isEmpty() ? "  mcast_src_ip " : "  unicast_src_ip ")
                    + literal(source)));
    if (!instance.unicastPeers().isEmpty()) {
      block(
          lines,
          "unicast_peer",
          instance.unicastPeers().stream().map(peer -> literal(peer.address())).toList());
    }
    instance
        .authentication()
        .ifPresent(value -> {
          if (!(value instanceof Authentication.Password(String text))) {
            throw new IllegalArgumentException(
                instance.name() + ": " + value + " (expected: none or PASS)");
          }
          block(lines, "authentication", List.of("auth_type PASS", "auth_pass " + text));
        });
    addresses(lines, "virtual_ipaddress", instance.virtualAddresses(), networkInterface);
    addresses(lines, "virtual_ipaddress_excluded", instance.excludedAddresses(), networkInterface);
    lines.add("}");
  }

  private static void refuse(VrrpInstance instance, boolean present, String what) {
    if (present) {
      throw new IllegalArgumentException(
          instance.name() + ": " + what + " (expected: none, for keepalived in the lab)");
    }
  }

  private static void addresses(
      List<String> lines, String keyword, List<VirtualAddress> addresses, String device) {
    if (!addresses.isEmpty()) {
      block(
          lines,
          keyword,
          addresses.stream()
              .map(address ->
                  "%s/%d dev %s"
                      .formatted(
                          literal(address.address()),
                          address.prefixLength(),
                          address.networkInterface().orElse(device)))
              .toList());
    }
  }

  private static void block(List<String> lines, String keyword, List<String> content) {
    lines.add("  " + keyword + " {");
    content.forEach(line -> lines.add("    " + line));
    lines.add("  }");
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toMillis() / 1000.0);
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
