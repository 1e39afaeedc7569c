package io.lvs4j.keepalived.ipvsadm;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.keepalived.diagnostic.Diagnostic;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.model.SchedulerSource;
import io.lvs4j.keepalived.syntax.ShellWords;
import io.lvs4j.keepalived.text.PrintedConfiguration;
import java.util.List;

/**
 * Rules of {@code ipvsadm}: what {@code ipvsadm-save -n} writes and {@code ipvsadm-restore} reads,
 * and command lines with {@code ipvsadm} in front of them.
 *
 * @param virtualServers the virtual servers in the order in which they were added
 * @param diagnostics what there was to say about the text
 */
public record IpvsadmRules(List<VirtualServer> virtualServers, List<Diagnostic> diagnostics) {
  private static final int LONGEST_LINE = 65_536;

  /** Copies the lists. */
  public IpvsadmRules {
    virtualServers = List.copyOf(virtualServers);
    diagnostics = List.copyOf(diagnostics);
  }

  /**
   * Reads rules. A line that isn't understood is told and left out.
   *
   * @param name what diagnostics call the text
   * @param text one rule a line
   * @param schedulers where schedulers come from
   */
  public static IpvsadmRules read(String name, String text, SchedulerSource schedulers) {
    var diagnostics = new Diagnostics();
    var table = new RuleTable(diagnostics, schedulers);
    int number = 0;
    for (String line : text.lines().toList()) {
      var position = new Position(name, ++number, 1);
      if (line.length() > LONGEST_LINE) {
        diagnostics.error(
            position, "line of more than " + LONGEST_LINE + " characters (expected: a rule)");
      } else if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        table.apply(position, withoutPrompt(ShellWords.of(line)));
      }
    }
    return new IpvsadmRules(table.virtualServers(), diagnostics.all());
  }

  /** Leaves out what stands before the options: a prompt, sudo, the command itself. */
  private static List<String> withoutPrompt(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("ipvsadm") || word.endsWith("/ipvsadm")) {
        return words.subList(i + 1, words.size());
      }
    }
    return words;
  }

  /** Returns the rules of virtual servers, and what ipvsadm has no words for. */
  public static PrintedConfiguration write(List<VirtualServer> virtualServers) {
    return RuleText.of(virtualServers);
  }
}
