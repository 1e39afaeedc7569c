package io.lvs4j.run;

import io.lvs4j.run.signal.EventLines;
import java.util.List;
import java.util.Locale;

/** What the launcher runs: {@code run} or {@code real-server}, and their arguments. */
public final class Program {
  private Program() {}

  /** Does what the arguments say, and ends the process. */
  public static void main(String... arguments) {
    Locale.setDefault(Locale.ROOT);
    var lines = new EventLines(System.err);
    lines.takeLog();
    System.exit(status(List.of(arguments), lines).code());
  }

  private static ExitStatus status(List<String> arguments, EventLines lines) {
    try {
      return command(arguments, lines);
    } catch (UsageException wrong) {
      lines.raw("lvs4j: " + wrong.getMessage());
      lines.release();
      System.err.print(
          arguments.contains("real-server") ? RealServerCommand.USAGE : RunArguments.USAGE);
      return ExitStatus.MISUSED;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return ExitStatus.FAILED;
    } catch (RuntimeException | Error broken) {
      lines.release();
      System.err.println("lvs4j: failed, which it should not");
      broken.printStackTrace();
      return ExitStatus.FAILED;
    }
  }

  private static ExitStatus command(List<String> arguments, EventLines lines)
      throws UsageException, InterruptedException {
    var first = arguments.isEmpty() ? "" : arguments.getFirst();
    var rest = arguments.stream().skip(1).toList();
    var usage =
        switch (first) {
          case "run" -> RunArguments.USAGE;
          case "real-server" -> RealServerCommand.USAGE;
          default ->
              throw new UsageException("command: " + first + " (expected: run or real-server)");
        };
    if (rest.contains("--help") || rest.contains("-h")) {
      System.out.print(usage);
      return ExitStatus.DONE;
    }
    return first.equals("run")
        ? new RunCommand(RunArguments.of(rest), System.out, lines).run()
        : RealServerCommand.of(rest).run(System.out, lines);
  }
}
