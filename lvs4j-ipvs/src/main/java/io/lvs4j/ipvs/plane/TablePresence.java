package io.lvs4j.ipvs.plane;

import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.SocketConstants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Says that a director works on the kernel's table, to others of lvs4j that do. It is a name among
 * the Unix sockets of the network namespace that the table belongs to (unix(7), the abstract
 * namespace), so it is gone with the process, however that ends.
 */
final class TablePresence implements AutoCloseable {
  private static final String NAME = "lvs4j-ipvs/";
  private static final Pattern OTHERS = Pattern.compile(" @" + NAME + "(\\d+)/(\\d+)$");
  private static final Path SOCKETS = Path.of("/proc/thread-self/net/unix");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Descriptor socket;
  private final String own;

  private TablePresence(Descriptor socket, String own) {
    this.socket = socket;
    this.own = own;
  }

  /** Takes a name; empty where the host refuses one, and nobody will know. */
  static Optional<TablePresence> take(Kernel kernel) {
    int descriptor =
        kernel.socket(
            SocketConstants.AF_UNIX, SocketConstants.SOCK_DGRAM | SocketConstants.SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      return Optional.empty();
    }
    var own = ProcessHandle.current().pid() + "/" + NUMBER.incrementAndGet();
    var socket = new Descriptor(kernel, descriptor, "presence at the IPVS table");
    if (kernel.bind(descriptor, address(NAME + own)) < 0) {
      socket.close();
      return Optional.empty();
    }
    return Optional.of(new TablePresence(socket, own));
  }

  private static byte[] address(String name) {
    var text = name.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(3 + text.length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) SocketConstants.AF_UNIX)
        .put((byte) 0)
        .put(text)
        .array();
  }

  /** Returns the process ids of the other directors, each as its process sees it. */
  SortedSet<Long> others() {
    var others = new TreeSet<Long>();
    try (var lines = Files.lines(SOCKETS, StandardCharsets.ISO_8859_1)) {
      lines.forEach(line -> {
        var found = OTHERS.matcher(line);
        if (found.find() && !own.equals(found.group(1) + "/" + found.group(2))) {
          others.add(Long.parseLong(found.group(1)));
        }
      });
    } catch (IOException | UncheckedIOException unreadable) {
      return others;
    }
    return others;
  }

  @Override
  public void close() {
    socket.close();
  }
}
