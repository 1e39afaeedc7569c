package io.lvs4j.lab.lvs;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Program;
import java.util.List;

/** Debian's ipvsadm on a host: how the kernel's table is seen and edited by others than lvs4j. */
public final class Ipvsadm {
  private final Host host;
  private final Program program;

  /** Takes the one that is installed. */
  public Ipvsadm(Host host) {
    this.host = host;
    this.program =
        Program.find("ipvsadm")
            .orElseThrow(() -> new IllegalStateException("ipvsadm: not installed"));
  }

  /**
   * Runs it with arguments that are separated by a space, and returns what it printed.
   *
   * @throws IllegalStateException when it fails, with what it printed
   */
  public String run(String arguments) {
    return host.run(program.command(arguments.split(" ", -1)), List.of());
  }

  /** Feeds it lines as {@link #save()} returns them. */
  public void restore(List<String> lines) {
    host.run(program.command("--restore"), lines);
  }

  /** Returns the table as commands, in the order in which the kernel lists it. */
  public List<String> save() {
    return run("--save --numeric").lines().map(String::strip).toList();
  }

  /** Returns the table with its counters. */
  public String list() {
    return run("-L -n");
  }

  /** Returns the lines of the connections that the kernel keeps, without their heading. */
  public List<String> connections() {
    return run("-L -n -c").lines().skip(2).map(String::strip).toList();
  }
}
