package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** {@code lvs4j real-server} on a host of the lab, in a JVM of its own. */
final class RealServerProgram implements RunningSeed {
  private final RunningProcess process;

  private RealServerProgram(RunningProcess process) {
    this.process = process;
  }

  /** Starts it for a virtual address, and returns when it is ready. */
  static RealServerProgram start(
      Host host, Workspace workspace, InetAddress address, String... options) {
    var words = new ArrayList<>(List.of("real-server", address.getHostAddress()));
    words.addAll(List.of(options));
    var process = host.start(workspace, RunJvm.command(words.toArray(String[]::new)));
    RunProgram.awaitReady(host, process);
    return new RealServerProgram(process);
  }

  /** Asks it to end, and waits until it says that it has. */
  @Override
  public void stop() {
    RunProgram.end(process);
    assertThat(process.log()).endsWith("left");
  }
}
