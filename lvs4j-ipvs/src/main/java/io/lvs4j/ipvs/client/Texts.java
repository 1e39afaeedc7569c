package io.lvs4j.ipvs.client;

import java.nio.charset.StandardCharsets;

/** Names that the kernel keeps in 16 bytes, the last of them a zero. */
final class Texts {
  private static final int MOST = 15;

  private Texts() {}

  static boolean fits(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    return length >= 1 && length <= MOST && name.indexOf('\0') < 0;
  }

  static void check(String subject, String name) {
    if (!fits(name)) {
      throw new IllegalArgumentException(
          subject + ": '" + name + "' (expected: 1-" + MOST + " bytes)");
    }
  }
}
