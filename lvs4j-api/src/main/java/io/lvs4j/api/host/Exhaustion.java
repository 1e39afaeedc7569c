package io.lvs4j.api.host;

import java.util.Locale;
import java.util.Optional;

/**
 * What this process or host has run out of. Whoever asked something of somebody else and failed for
 * it has learned nothing of the other side.
 */
public enum Exhaustion {
  /** File descriptors, of the process or the host. */
  DESCRIPTORS("no file descriptor left", "raise LimitNOFILE or ulimit -n"),
  /** Memory, of the JVM or the host. */
  MEMORY("no memory left", "raise -Xmx, -XX:MaxDirectMemorySize or the container's limit"),
  /** Threads and processes. */
  THREADS("no thread or process left", "raise TasksMax, ulimit -u or the container's pids limit"),
  /** Local ports to connect from. */
  LOCAL_PORTS(
      "no local port left", "widen net.ipv4.ip_local_port_range, or send from more addresses"),
  /** The kernel's buffers. */
  BUFFERS("no buffer space left", "raise net.core.wmem_max and net.ipv4.tcp_mem");

  private final String words;
  private final String remedy;

  Exhaustion(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** Returns what is lacking, for a person to read. */
  public String words() {
    return words;
  }

  /** Returns what helps. */
  public String remedy() {
    return remedy;
  }

  /** Returns what a failure is for want of; empty if of nothing that this host has. */
  public static Optional<Exhaustion> of(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 16; cause = cause.getCause()) {
      depth++;
      var found = ofOne(cause);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Exhaustion> ofOne(Throwable cause) {
    var text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (cause instanceof OutOfMemoryError) {
      return Optional.of(text.contains("thread") ? THREADS : MEMORY);
    }
    if (text.contains("too many open files")) {
      return Optional.of(DESCRIPTORS);
    }
    if (text.contains("cannot allocate memory") || text.contains("not enough space")) {
      return Optional.of(MEMORY);
    }
    if (text.contains("resource temporarily unavailable")) {
      return Optional.of(THREADS);
    }
    if (text.contains("no buffer space")) {
      return Optional.of(BUFFERS);
    }
    return text.contains("assign requested address") || text.contains("address not available")
        ? Optional.of(LOCAL_PORTS)
        : Optional.empty();
  }
}
