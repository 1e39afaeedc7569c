package io.lvs4j.keepalived.script;

import io.lvs4j.api.Program;
import java.util.List;
import java.util.Objects;

/**
 * A script, run without a shell, and whom it runs as.
 *
 * @param program the program and its arguments
 */
public record ScriptCommand(Program program) {
  /** Checks that there is a program. */
  public ScriptCommand {
    Objects.requireNonNull(program, "program");
    if (program.command().isEmpty()) {
      throw new IllegalArgumentException("command: none (expected: a program)");
    }
  }

  /**
   * Makes one that runs as the application does.
   *
   * @param words the program first
   */
  public ScriptCommand(List<String> words) {
    this(Program.of(words));
  }

  /** Returns the program and its arguments. */
  public List<String> words() {
    return program.command();
  }

  /** Returns the same with more arguments. */
  public ScriptCommand with(String... more) {
    return new ScriptCommand(program.with(more));
  }

  @Override
  public String toString() {
    return program.toString();
  }
}
