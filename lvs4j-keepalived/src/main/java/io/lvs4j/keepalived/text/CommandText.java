package io.lvs4j.keepalived.text;

import io.lvs4j.keepalived.syntax.ShellWords;
import java.util.List;

/** Writes commands: in double quotes, with single ones around words that have blanks. */
final class CommandText {
  private CommandText() {}

  /** Returns a command as it stands behind a keyword; one that can't be written is told. */
  static String of(TextLines lines, String subject, List<String> words) {
    var text = new StringBuilder();
    for (String word : words) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> c == ' ' || c == '\t');
      text.append(plain ? word : "'" + word + "'");
    }
    String command = text.toString();
    boolean readable =
        command.chars().noneMatch(c -> c == '"' || c < ' ')
            && ShellWords.ofCommand(command).equals(words)
            && ShellWords.ofCommand("\"" + command + "\"").equals(List.of(command));
    if (!readable) {
      lines.loss(subject, command, "a command without quotes and odd backslashes in its words");
    }
    return "\"" + command.replaceAll("[\"\\p{Cntrl}]", "_") + "\"";
  }
}
