package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.lab.peer.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guest is what the other tests take it for. */
class GuestInKernel {
  @Test
  void theKernelHasIpVs() throws IOException {
    assertThat(Files.readString(Path.of("/proc/net/ip_vs"))).contains("IP Virtual Server version");
  }

  @Test
  void onlyTheWorkspaceOfTheHostCanBeWritten() throws IOException {
    for (var place : new String[] {"/", "/tmp", "/etc", System.getProperty("user.dir")}) {
      assertThatThrownBy(() -> Files.createFile(Path.of(place, "lvs4j-left-behind")))
          .as(place)
          .hasMessageContaining("Read-only file system");
    }
    try (var workspace = Workspace.create()) {
      assertThat(Files.createFile(workspace.directory("mine").resolve("file"))).exists();
    }
  }
}
