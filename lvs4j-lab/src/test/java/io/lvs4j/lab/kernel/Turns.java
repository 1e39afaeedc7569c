package io.lvs4j.lab.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which of several guests runs a class of tests: the first that asks. They have nothing in common
 * but a directory of the host's, in which only one of them can make a directory of some name. Of
 * the classes that are {@link Apart} each guest takes one.
 */
final class Turns {
  private final Path directory;
  private boolean tookOneApart;

  Turns(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** Says whether it is the caller's, and nobody else's from now on. */
  boolean take(Class<?> tests) {
    boolean apart = tests.isAnnotationPresent(Apart.class);
    if (apart && tookOneApart) {
      return false;
    }
    try {
      Files.createDirectory(directory.resolve(tests.getSimpleName()));
      tookOneApart |= apart;
      return true;
    } catch (FileAlreadyExistsException anotherGuests) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be written", e);
    }
  }

  /** Says whether somebody has taken the class of this simple name. */
  boolean taken(String className) {
    return Files.isDirectory(directory.resolve(className));
  }
}
