package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Root of a user namespace of its own, with a network of its own, as in a rootless container: it
 * has every capability there, and the real kernel refuses it all the same.
 */
class PrivilegeInKernel {
  private static final String REMEDY =
      "needs CAP_NET_ADMIN in the initial user namespace; this process is in another one, as in a"
          + " rootless container, where not even root has it: run it in the host's user namespace";

  @Test
  void rootOfAnotherUserNamespaceIsToldThatItIsNotEnough() {
    var unshare = Program.find("unshare");
    assumeTrue(unshare.isPresent(), "unshare is not installed (Debian: apt install util-linux)");
    try (var workspace = Workspace.create()) {
      var said =
          workspace
              .start(
                  "rootless",
                  Stream.of(
                          unshare.get().command("--user", "--map-root-user", "--net"),
                          Jvm.command(
                              List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"),
                              RootlessDirector.class))
                      .flatMap(List::stream)
                      .toList())
              .finish(Duration.ofMinutes(2));
      assertThat(said.lines().toList())
          .isEqualTo(
              List.of(
                  "NOT_PERMITTED open IPVS: EPERM (" + REMEDY + ")",
                  "ipvs data plane: open IPVS: EPERM (expected: " + REMEDY + ")",
                  "proxy"));
    }
  }
}
