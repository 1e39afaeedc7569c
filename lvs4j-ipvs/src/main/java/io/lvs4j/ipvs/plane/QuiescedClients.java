package io.lvs4j.ipvs.plane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether persistent clients keep coming to a real server that is quiesced: a sysctl, which anybody
 * may change at any time. On the plane's thread only.
 */
final class QuiescedClients {
  private final Path expire;

  /**
   * Creates the question.
   *
   * @param sysctls where the sysctls are
   */
  QuiescedClients(Path sysctls) {
    this.expire = KernelSettings.file(sysctls, "net.ipv4.vs.expire_quiescent_template");
  }

  /** Says whether they do: the kernel's way unless it was told otherwise. */
  boolean stay() {
    try {
      return Files.readString(expire).strip().equals("0");
    } catch (IOException unreadable) {
      // In a container with /proc/sys hidden it is as it is by default.
      return true;
    }
  }
}
