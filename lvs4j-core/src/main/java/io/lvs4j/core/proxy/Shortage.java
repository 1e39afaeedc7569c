package io.lvs4j.core.proxy;

import io.lvs4j.api.loop.LoopLogger;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What this process has run out of: said once when it begins, with the remedy, and once when it is
 * over. Any loop may find it.
 */
final class Shortage {
  private static final LoopLogger LOG = LoopLogger.of(Shortage.class, System::nanoTime);

  /** A shortage that hasn't been met for so long is over. */
  private static final long OVER = Duration.ofSeconds(10).toNanos();

  private static final Path LIMITS = Path.of("/proc/self/limits");

  private boolean lasting;
  private long began;
  private long lastMet;

  /** Takes note of a call that failed for want of descriptors or memory. */
  synchronized void met(String call, Throwable cause, long now) {
    lastMet = now;
    if (!lasting) {
      lasting = true;
      began = now;
      LOG.log(Level.WARNING, () -> call + ": " + words(cause));
    }
  }

  /** Looks whether it lasts still. */
  synchronized boolean isLasting(long now) {
    if (lasting && now - lastMet > OVER) {
      lasting = false;
      long seconds = Duration.ofNanos(lastMet - began).toSeconds();
      LOG.log(Level.INFO, () -> "descriptors and memory suffice again, after " + seconds + " s");
    }
    return lasting;
  }

  private static String words(Throwable cause) {
    var text = ConnectFailure.text(cause);
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("open files in system")) {
      return text + " (expected: more descriptors for this host, by sysctl fs.file-max)";
    }
    if (lower.contains("open files")) {
      var limit = descriptorLimit();
      return text
          + (limit.isEmpty() ? "" : ", the limit is " + limit.getAsLong())
          + " (expected: more descriptors, by ulimit -n or LimitNOFILE=; until then clients wait)";
    }
    return text + " (expected: more memory for this host's sockets; until then clients wait)";
  }

  /** Says whether a connect or an accept failed for want of something on this host. */
  static boolean isBehind(Throwable cause) {
    if (cause instanceof Errors.NativeIoException known) {
      return switch (-known.expectedErr()) {
        // include/uapi/asm-generic/errno-base.h and errno.h
        case 12, 23, 24, 105 -> true; // ENOMEM, ENFILE, EMFILE, ENOBUFS
        default -> false;
      };
    }
    var text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("open files")
        || text.contains("no buffer space")
        || text.contains("cannot allocate memory");
  }

  /** Returns how many descriptors this process may have; empty where the host doesn't say. */
  static OptionalLong descriptorLimit() {
    try (var lines = Files.lines(LIMITS)) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split("\\s+", 2)[0])
          .filter(soft -> soft.matches("[0-9]{1,18}"))
          .mapToLong(Long::parseLong)
          .findFirst();
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }
}
