package io.lvs4j.linux.realserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That one process has a virtual address, and no other, by a lock on a file. The kernel ends it
 * with the process, however that ends; the file stays, and says nothing without its lock.
 */
final class Holding implements AutoCloseable {
  /**
   * Those of this process. The kernel's locks are a process's: a second one on the same file is
   * given, and whoever closes it ends the first.
   */
  private static final Map<Path, Holding> OURS = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private Holding(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Says who has it. */
  static final class TakenException extends IOException {
    private static final long serialVersionUID = 1L;

    TakenException(String by) {
      super(by + " has it");
    }
  }

  /**
   * Takes it.
   *
   * @throws TakenException when somebody has it
   */
  static Holding take(Path file) throws IOException {
    synchronized (OURS) {
      if (OURS.containsKey(file)) {
        throw new TakenException("this process");
      }
      Files.createDirectories(file.toAbsolutePath().getParent());
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          throw new TakenException("process " + Files.readString(file).strip());
        }
        channel.truncate(0);
        var pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException refused) {
        channel.close();
        throw refused;
      }
      var holding = new Holding(file, channel);
      OURS.put(file, holding);
      return holding;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (OURS) {
      if (OURS.remove(file, this)) {
        channel.close();
      }
    }
  }
}
