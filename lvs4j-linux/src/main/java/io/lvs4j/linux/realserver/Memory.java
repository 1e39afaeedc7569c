package io.lvs4j.linux.realserver;

import io.lvs4j.api.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was changed for each virtual address, on disk, so that it can be taken back by another
 * process when the one that did it was killed. A line is there before what it says is done. One
 * directory for each network namespace: files are common to all of them.
 */
final class Memory {
  private final Path directory;

  private Memory(Path directory) {
    this.directory = directory;
  }

  /** Returns the memory of the network namespace that the process is in. */
  static Memory in(Path root) throws IOException {
    var namespace = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    var directory = root.resolve(namespace.replaceAll("[^0-9]", ""));
    Files.createDirectories(directory);
    return new Memory(directory);
  }

  /** Keeps other processes out until it is closed. */
  FileChannel lock() throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      var _ = channel.lock();
      return channel;
    } catch (IOException refused) {
      channel.close();
      throw refused;
    }
  }

  /**
   * Keeps an address to this process until it is closed.
   *
   * @throws Holding.TakenException when another one has it
   */
  Holding hold(InetAddress address) throws IOException {
    return Holding.take(
        directory.resolveSibling(directory.getFileName() + ".held").resolve(name(address)));
  }

  private Path file(InetAddress address) {
    return directory.resolve(name(address));
  }

  private static String name(InetAddress address) {
    return Endpoint.literal(address).replaceAll("[\\[\\]]", "");
  }

  /** Says whether anything is remembered of an address. */
  boolean knows(InetAddress address) {
    return Files.exists(file(address));
  }

  /** Returns what was done for an address, in order. */
  List<Step> steps(InetAddress address) throws IOException {
    return knows(address) ? read(file(address)) : List.of();
  }

  private static List<Step> read(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(Step::of).flatMap(Optional::stream).toList();
  }

  /** Remembers a step that is about to be taken. */
  void add(InetAddress address, Step step) throws IOException {
    append(file(address), step);
  }

  private static void append(Path file, Step step) throws IOException {
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap((step.line() + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
  }

  /** Forgets all of an address. */
  void forget(InetAddress address) throws IOException {
    Files.deleteIfExists(file(address));
  }

  /**
   * Hands something that other addresses need too over to one of them, which will take it back.
   *
   * @return whether there is one
   */
  boolean handOver(InetAddress from, Step step) throws IOException {
    for (var other : others(from)) {
      if (!read(other).contains(step)) {
        append(other, step);
      }
      return true;
    }
    return false;
  }

  private List<Path> others(InetAddress address) throws IOException {
    var own = file(address);
    var found = new ArrayList<Path>();
    try (var files = Files.list(directory)) {
      files
          .filter(file -> !file.equals(own) && !file.endsWith("lock"))
          .sorted()
          .forEach(found::add);
    }
    return found;
  }
}
