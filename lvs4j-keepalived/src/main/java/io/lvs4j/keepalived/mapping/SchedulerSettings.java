package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.Scheduler;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Suggestions;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The scheduler of a virtual server and its flags, as far as they have been read. */
final class SchedulerSettings {
  private static final List<String> NAMES = KernelScheduler.NAMES;

  private final MappingContext context;
  private Optional<String> name = Optional.empty();
  private final Map<String, Statement> flags = new LinkedHashMap<>();

  SchedulerSettings(MappingContext context) {
    this.context = context;
  }

  /** Adds the handlers of lvs_sched and of the flags. */
  void handle(Handlers handlers) {
    handlers.on("lvs_sched", this::name);
    for (var flag :
        List.of("flag-1", "flag-2", "flag-3", "sh-port", "sh-fallback", "mh-port", "mh-fallback")) {
      handlers.on(
          flag,
          statement -> {
            context.values().nothingBehind(statement, 0);
            flags.put(flag, statement);
          });
    }
  }

  private void name(Statement statement) {
    var expected = "one of " + String.join(" ", NAMES);
    context
        .values()
        .word(statement, expected)
        .ifPresent(word -> {
          if (NAMES.contains(word.text())) {
            name = Optional.of(word.text());
          } else {
            context
                .diagnostics()
                .error(
                    word.position(),
                    statement.name()
                        + ": "
                        + Diagnostics.quoted(word.text())
                        + " (expected: "
                        + expected
                        + ")",
                    Suggestions.nearest(word.text(), NAMES));
          }
        });
  }

  /** Returns the scheduler: weighted least-connection when none was named. */
  Scheduler scheduler() {
    String known = name.orElse("wlc");
    var kept = new TreeSet<String>();
    flags.forEach((flag, statement) -> {
      Optional<String> meant = meaning(known, flag);
      if (meant.isPresent()) {
        kept.add(meant.get());
      } else {
        context
            .diagnostics()
            .error(
                statement.position(),
                flag + ": not a flag of " + known + " (expected: the scheduler that has it)");
      }
    });
    return context.schedulers().scheduler(known, kept);
  }

  /** The kernel's flags have a name for each scheduler that uses them. */
  private static Optional<String> meaning(String scheduler, String flag) {
    boolean hash = scheduler.equals("sh") || scheduler.equals("mh");
    return switch (flag) {
      case "flag-1" -> hash ? Optional.of(scheduler + "-fallback") : Optional.empty();
      case "flag-2" -> hash ? Optional.of(scheduler + "-port") : Optional.empty();
      case "flag-3" -> Optional.empty();
      default -> flag.startsWith(scheduler + "-") ? Optional.of(flag) : Optional.empty();
    };
  }
}
