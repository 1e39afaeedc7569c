package io.lvs4j.benchmarks.ipvs;

import io.lvs4j.lab.peer.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code ipvsadm --restore}, told at the end how much memory it had at most. The kernel keeps that
 * mark only while a process lives, so it gets its lines through a pipe, which is left open until it
 * has taken them all and waits for more.
 */
final class RestoreProgram {
  private static final long POLL_MILLIS = 20;

  private final Program ipvsadm = Program.find("ipvsadm").orElseThrow();

  /** Makes a table of these lines, and returns the peak of its resident memory in KB. */
  long run(List<String> lines) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(ipvsadm.command("--restore")).redirectErrorStream(true).start();
    long peak;
    try (var input = process.outputWriter(StandardCharsets.US_ASCII)) {
      for (String line : lines) {
        input.write(line);
        input.write('\n');
      }
      input.flush();
      while (!waitsForMore(process.pid())) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IOException("ipvsadm --restore: " + said(process));
        }
      }
      peak = peakKilobytes(Path.of("/proc", Long.toString(process.pid())));
    }
    if (process.waitFor() != 0) {
      throw new IOException("ipvsadm --restore: " + said(process));
    }
    return peak;
  }

  private static String said(Process process) throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readAllAsString().strip()
        + " (expected: a table)";
  }

  /** Says whether it sleeps: netlink answers at once, so there is nothing else to sleep for. */
  private static boolean waitsForMore(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2) == 'S';
  }

  /** Returns the most memory that was ever resident of a process, in KB. */
  static long peakKilobytes(Path process) throws IOException {
    return kilobytes(process.resolve("status"), "VmHWM");
  }

  /** Returns the value of a line such as {@code VmHWM: 5 kB}. */
  static long kilobytes(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(file + ": no " + name + " (expected: " + name + ": ... kB)");
  }
}
