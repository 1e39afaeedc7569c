package io.lvs4j.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegesTest {
  @TempDir Path thread;

  @Test
  void capabilitiesAndNamespacesAreReadFromProc() throws IOException {
    var privileges = privileges("0000000000003000", "user:[4026531837]");

    assertThat(privileges.effective())
        .containsExactlyInAnyOrder(Capability.NET_ADMIN, Capability.NET_RAW);
    assertThat(privileges.inInitialUserNamespace()).isTrue();
    assertThat(privileges.networkNamespace()).isEqualTo("net:[4026531840]");
  }

  @Test
  void highCapabilitiesAreReadToo() throws IOException {
    assertThat(privileges("000001ffffffffff", "user:[1]").effective())
        .containsExactlyInAnyOrder(Capability.values());
    assertThat(privileges("ffffffffffffffff", "user:[1]").effective()).contains(Capability.BPF);
  }

  @Test
  void remediesSayWhatIsMissing() throws IOException {
    assertThat(privileges("0", "user:[4026531837]").remedy(Capability.NET_RAW))
        .isEqualTo(
            "needs CAP_NET_RAW: run as root, give it to the service"
                + " (AmbientCapabilities=CAP_NET_RAW) or to the container (--cap-add NET_RAW)");
    assertThat(privileges("3000", "user:[4026532000]").remedy(Capability.NET_RAW))
        .isEqualTo(
            "this process has CAP_NET_RAW in its own user namespace only; it must own the network"
                + " namespace net:[4026531840]");
    assertThat(privileges("3000", "user:[4026531837]").remedy(Capability.NET_RAW))
        .contains("a security module or a seccomp filter refuses");
  }

  @Test
  void aStatusWithoutCapabilitiesIsRefused() throws IOException {
    Files.writeString(thread.resolve("status"), "Name:\tjava\n");
    assertThatThrownBy(() -> Privileges.read(thread)).hasMessageContaining("no CapEff");
  }

  @Test
  void thisThreadHasSome() throws IOException {
    assertThat(Privileges.current().networkNamespace()).startsWith("net:[");
  }

  private Privileges privileges(String mask, String user) throws IOException {
    Files.writeString(thread.resolve("status"), "Name:\tjava\nCapEff:\t" + mask + "\n");
    var namespaces = Files.createDirectories(thread.resolve("ns"));
    Files.deleteIfExists(namespaces.resolve("user"));
    Files.deleteIfExists(namespaces.resolve("net"));
    Files.createSymbolicLink(namespaces.resolve("user"), Path.of(user));
    Files.createSymbolicLink(namespaces.resolve("net"), Path.of("net:[4026531840]"));
    return Privileges.read(thread);
  }
}
