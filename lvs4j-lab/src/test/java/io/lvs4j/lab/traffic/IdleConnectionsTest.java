package io.lvs4j.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.UserModeLinux;
import io.lvs4j.lab.peer.UserModeLinux.Machine;
import io.lvs4j.lab.peer.UserModeLinux.NotBootedException;
import io.lvs4j.lab.peer.Workspace;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/**
 * Twenty thousand idle connections in one director, in a guest, since a host may not let a process
 * have the 40,000 files that they are.
 */
@Execution(CONCURRENT) // its guest has one processor, and takes its time
class IdleConnectionsTest {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.lab.traffic");
  private static final int CONNECTIONS = 20_000;

  /** What a connection may take of the heap, the client of the test included; it took 1,001. */
  private static final int HEAP_BYTES = 2048;

  @Test
  void aDirectorHoldsTwentyThousandIdleConnectionsAndEachStillWorks() {
    assumeTrue(Nginx.find().isPresent(), "nginx is not installed");
    assumeTrue(UserModeLinux.find().isPresent(), "user-mode-linux is not installed");
    try (var workspace = Workspace.create()) {
      var result = inGuest(workspace);
      LOG.log(Level.INFO, result.output());
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(result.output())
          .contains("held: " + CONNECTIONS, "answered again: " + CONNECTIONS);
      assertThat(figure(result.output(), "heap a connection: "))
          .as("bytes of heap a connection")
          .isBetween(1L, (long) HEAP_BYTES);
    }
  }

  private static UserModeLinux.Result inGuest(Workspace workspace) {
    try {
      return UserModeLinux.find()
          .orElseThrow()
          .run(
              workspace,
              new Machine(4096, 100_000, List.of()),
              Jvm.command(
                  List.of(
                      "-XX:-UsePerfData",
                      // All else is read-only in the guest.
                      "-Djava.io.tmpdir=" + workspace.directory("temporary")),
                  HoldIdleConnections.class,
                  String.valueOf(CONNECTIONS)),
              Duration.ofMinutes(10));
    } catch (NotBootedException unbootable) {
      return abort(unbootable.getMessage());
    }
  }

  private static long figure(String output, String label) {
    return output
        .lines()
        .filter(line -> line.startsWith(label))
        .mapToLong(line -> Long.parseLong(line.substring(label.length())))
        .findFirst()
        .orElseThrow();
  }
}
