package io.lvs4j.lab.ipvs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A program that ends with the status that it is told to. */
public final class ScriptBackend implements CheckedBackend {
  /** The status of one that is WRONG: with {@code misc_dynamic}, a weight of 10. */
  static final int WRONG = 12;

  private final Path program;
  private final Path status;

  /** Makes one that ends well. */
  public ScriptBackend(Path directory) {
    this.program = directory.resolve("check");
    this.status = directory.resolve("status");
    be(Mood.WELL);
    try {
      Files.writeString(
          program, "#!/bin/sh\nread status < " + status + " && exit \"$status\"\nexit 1\n");
    } catch (IOException e) {
      throw new UncheckedIOException(program.toString(), e);
    }
    if (!program.toFile().setExecutable(true)) {
      throw new IllegalStateException(program + ": not executable (expected: executable)");
    }
  }

  /** Returns its file. */
  public Path program() {
    return program;
  }

  @Override
  public void be(Mood mood) {
    int code =
        switch (mood) {
          case WELL -> 0;
          case WRONG -> WRONG;
          case GONE -> 1;
        };
    try {
      // Whoever reads sees the one or the other.
      var fresh = Files.writeString(status.resolveSibling("status.new"), code + "\n");
      Files.move(fresh, status, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(status.toString(), e);
    }
  }

  @Override
  public void close() {
    be(Mood.GONE);
  }
}
