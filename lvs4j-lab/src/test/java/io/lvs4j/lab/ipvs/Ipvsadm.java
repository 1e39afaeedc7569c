package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Debian's ipvsadm in the guest: what it says of the kernel's table. One shell runs it each time,
 * as a JVM takes long to start a process there.
 */
final class Ipvsadm implements AutoCloseable {
  private static final String END = "--end--";

  private final Process shell;
  private final BufferedWriter commands;
  private final BufferedReader output;

  Ipvsadm() throws IOException {
    shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
    commands = shell.outputWriter(StandardCharsets.UTF_8);
    output = shell.inputReader(StandardCharsets.UTF_8);
  }

  /** Runs it; it has to succeed. Returns what it has printed. */
  List<String> run(String arguments) throws IOException {
    return command("ipvsadm " + arguments);
  }

  /** Makes the table of lines as {@code -S} prints them. */
  void restore(List<String> lines) throws IOException {
    assertThat(command("ipvsadm -R <<'LINES'\n" + String.join("\n", lines) + "\nLINES")).isEmpty();
  }

  private List<String> command(String command) throws IOException {
    commands.write(command + "\necho \"" + END + "$?\"\n");
    commands.flush();
    var lines = new ArrayList<String>();
    while (true) {
      String line = output.readLine();
      if (line == null) {
        throw new EOFException("the shell has ended (expected: an answer to " + command + ")");
      }
      if (line.startsWith(END)) {
        assertThat(line).as("%s: %s", command, lines).isEqualTo(END + "0");
        return lines;
      }
      lines.add(line);
    }
  }

  /** Returns the lines of {@code -S -n}, those of real servers sorted below their service's. */
  Map<String, List<String>> saved() throws IOException {
    return grouped(run("-S -n"), "-a ");
  }

  /** Returns the lines of {@code -Ln}, with single spaces, grouped likewise. */
  Map<String, List<String>> listed(String more) throws IOException {
    return grouped(
        run("-L -n " + more).stream()
            .skip(3)
            .map(line -> line.strip().replaceAll(" +", " "))
            .toList(),
        "-> ");
  }

  private static Map<String, List<String>> grouped(List<String> lines, String server) {
    var groups = new TreeMap<String, List<String>>();
    List<String> group = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(server)) {
        group.add(line);
      } else {
        group = groups.computeIfAbsent(line, _ -> new ArrayList<>());
      }
    }
    groups.values().forEach(each -> each.sort(null));
    return groups;
  }

  @Override
  public void close() throws IOException {
    commands.close(); // the end of its input ends the shell
    output.close();
    shell.onExit().join();
  }
}
