package io.lvs4j.keepalived.script;

import java.util.ArrayList;
import java.util.List;

/**
 * A program and its arguments, run without a shell.
 *
 * @param words the program first
 */
public record ScriptCommand(List<String> words) {
  /** Copies the words. */
  public ScriptCommand {
    words = List.copyOf(words);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("command: none (expected: a program)");
    }
  }

  /** Returns the same with more arguments. */
  public ScriptCommand with(String... more) {
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new ScriptCommand(all);
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
