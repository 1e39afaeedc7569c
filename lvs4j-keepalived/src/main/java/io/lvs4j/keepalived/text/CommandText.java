package io.lvs4j.keepalived.text;

import io.lvs4j.api.Program;
import io.lvs4j.keepalived.syntax.ShellWords;
import java.util.List;

/**
 * Writes commands: in double quotes, with single ones around words that have blanks. keepalived
 * takes quotes and backslashes off twice, once from the line and once from the command.
 */
final class CommandText {
  private CommandText() {}

  /** Returns a command, and whom it runs as behind it where the keyword takes that. */
  static String withUser(TextLines lines, String subject, Program program) {
    return of(lines, subject, program)
        + program.user().map(user -> " " + user.replace(':', ' ')).orElse("");
  }

  /** Returns the line that says whom a program runs as; empty if as the application. */
  static String user(Program program) {
    return program.user().map(user -> "user " + user.replace(':', ' ')).orElse("");
  }

  /** Returns a command as it stands behind a keyword; one that can't be written is told. */
  static String of(TextLines lines, String subject, Program program) {
    lines.program(program);
    return of(lines, subject, program.command());
  }

  private static String of(TextLines lines, String subject, List<String> words) {
    var text = new StringBuilder();
    for (String word : words) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      String escaped = word.replace("\\", "\\\\").replace("'", "\\'");
      boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> c == ' ');
      text.append(plain ? escaped : "'" + escaped + "'");
    }
    String command = "\"" + text.toString().replace("\\", "\\\\") + "\"";
    var outer = ShellWords.of(command);
    boolean readable =
        words.stream().noneMatch(word -> word.chars().anyMatch(c -> c == '"' || c < ' '))
            && outer.size() == 1
            && ShellWords.of(outer.getFirst()).equals(words);
    if (!readable) {
      lines.loss(subject, String.join(" ", words), "a command without double quotes in its words");
    }
    return readable ? command : "\"" + command.replaceAll("[\"\\p{Cntrl}]", "_") + "\"";
  }
}
