package io.lvs4j.lab.seeds;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The files of five documents by people who set up LVS and keepalived, as they stand there. */
public final class Seed {
  private Seed() {}

  /** Returns a file, its mistakes with it. */
  public static String file(String name) {
    try (var file = Seed.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
