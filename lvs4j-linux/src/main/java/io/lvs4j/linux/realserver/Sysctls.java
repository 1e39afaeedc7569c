package io.lvs4j.linux.realserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's settings as files.
 *
 * @param root where they are
 */
record Sysctls(Path root) {
  static final Sysctls OF_THIS_HOST = new Sysctls(Path.of("/proc/sys"));

  private Path file(String name) {
    return root.resolve(name.replace('.', '/'));
  }

  String read(String name) throws IOException {
    return Files.readString(file(name)).strip();
  }

  int number(String name) throws IOException {
    return Integer.parseInt(read(name));
  }

  boolean knows(String name) {
    return Files.exists(file(name));
  }

  void write(String name, String value) throws IOException {
    try {
      Files.writeString(file(name), value + "\n");
    } catch (IOException refused) {
      throw new IOException(name + " = " + value + ": " + refused.getMessage(), refused);
    }
  }
}
