package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Suggestions;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads scripts and files that are tracked, and the lists that name them. */
final class TrackerReader {
  private static final int MOST_WEIGHT = 253;

  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final Values values;
  private final Map<String, Tracker> scripts = new HashMap<>();
  private final Map<String, Tracker> files;

  /** The scripts that are told already, and that nobody is told of again who tracks them. */
  private final Set<String> leftOut = new HashSet<>();

  TrackerReader(MappingContext context) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.values = context.values();
    this.files = context.declared().trackFiles;
  }

  /** What a vrrp_script or a track_file says. */
  static final class Settings {
    private Optional<List<String>> command = Optional.empty();
    private Optional<Statement> commandAt = Optional.empty();
    private Optional<Path> path = Optional.empty();
    private Optional<Duration> interval = Optional.empty();
    private Optional<Duration> timeout = Optional.empty();
    private Optional<Integer> weight = Optional.empty();
    private boolean reversed;
    private int rise = 1;
    private int fall = 1;
    private boolean failedAtFirst;
    private Optional<String> user = Optional.empty();

    private Tracker applyTo(Tracker tracker) {
      var applied = weight.isPresent() ? tracker.weight(weight.get()) : tracker;
      if (interval.isPresent()) {
        applied = applied.every(interval.get());
      }
      if (timeout.isPresent()) {
        applied = applied.timeout(timeout.get());
      }
      applied = applied.rise(rise).fall(fall);
      applied = reversed ? applied.reversed() : applied;
      return failedAtFirst ? applied.failedAtFirst() : applied;
    }
  }

  /** Returns the handlers of vrrp_script. */
  Handlers script(Settings settings) {
    return new Handlers(KeywordTable.VRRP_SCRIPT)
        .on("script", s -> script(s, settings))
        .on("interval", s -> settings.interval = seconds(s).or(() -> settings.interval))
        .on("timeout", s -> settings.timeout = seconds(s).or(() -> settings.timeout))
        .on("weight", s -> weight(s, settings))
        .on("rise", s -> answers(s).ifPresent(n -> settings.rise = n))
        .on("fall", s -> answers(s).ifPresent(n -> settings.fall = n))
        .on("init_fail", s -> values.flag(s).ifPresent(f -> settings.failedAtFirst = f))
        .on("user", s -> settings.user = Commands.user(s, values).or(() -> settings.user));
  }

  private void script(Statement statement, Settings settings) {
    settings.command = context.commands().lonelyCommand(statement);
    settings.commandAt = Optional.of(statement);
  }

  private Optional<Duration> seconds(Statement statement) {
    return values.number(statement, 1, 4294).map(n -> Duration.ofSeconds(most(statement, n, 3600)));
  }

  private Optional<Integer> answers(Statement statement) {
    return values.number(statement, 1, Integer.MAX_VALUE).map(n -> most(statement, n, 1000));
  }

  /** What keepalived takes and a tracker doesn't is told, and the nearest there is. */
  private int most(Statement statement, int number, int most) {
    if (number > most) {
      context
          .diagnostics()
          .warning(
              statement.position(),
              statement.name() + ": " + number + ", which is taken as " + most + ", the most");
    }
    return Math.min(number, most);
  }

  /** Returns the handlers of track_file. */
  Handlers file(Settings settings) {
    return new Handlers(KeywordTable.TRACK_FILE)
        .on(
            "file",
            s -> {
              if (settings.path.isPresent()) {
                values.givenTwice(s);
              } else {
                settings.path = path(s);
              }
            })
        .on("weight", s -> weight(s, settings));
  }

  private Optional<Path> path(Statement statement) {
    return values
        .word(statement, "a path")
        .flatMap(word -> {
          try {
            return Optional.of(Path.of(word.text()));
          } catch (InvalidPathException e) {
            values.wrong(word, "file", "a path");
            return Optional.empty();
          }
        });
  }

  private void weight(Statement statement, Settings settings) {
    boolean reverse =
        statement.arguments().size() == 2 && statement.arguments().get(1).text().equals("reverse");
    var line =
        reverse
            ? new Statement(
                statement.keyword(),
                statement.arguments().subList(0, 1),
                statement.rest(),
                statement.body(),
                false)
            : statement;
    values
        .number(line, -MOST_WEIGHT, MOST_WEIGHT)
        .ifPresent(weight -> {
          settings.weight = Optional.of(weight);
          settings.reversed = reverse;
        });
  }

  /** Reads a {@code vrrp_script}. */
  void readScript(Statement statement) {
    var name = values.word(statement, "a name");
    var settings = new Settings();
    script(settings).walk(statement.statements(), diagnostics);
    if (name.isEmpty()) {
      return;
    }
    if (settings.command.isEmpty()) {
      diagnostics.error(
          statement.position(), "vrrp_script " + name.get().text() + ": no script (expected: one)");
      return;
    }
    context
        .commands()
        .runnable(settings.commandAt.orElse(statement), settings.command.get(), settings.user)
        .ifPresentOrElse(
            command ->
                keep(
                    scripts,
                    statement,
                    settings.applyTo(Tracker.script(name.get().text(), command.program()))),
            () -> leftOut.add(name.get().text()));
  }

  /** Reads a {@code track_file}. */
  void readFile(Statement statement) {
    var name = values.word(statement, "a name");
    var settings = new Settings();
    file(settings).walk(statement.statements(), diagnostics);
    if (name.isEmpty()) {
      return;
    }
    if (settings.path.isEmpty()) {
      diagnostics.error(
          statement.position(), "track_file " + name.get().text() + ": no file (expected: one)");
      return;
    }
    keep(files, statement, settings.applyTo(Tracker.file(name.get().text(), settings.path.get())));
  }

  private void keep(Map<String, Tracker> trackers, Statement statement, Tracker tracker) {
    if (trackers.putIfAbsent(tracker.name(), tracker) != null) {
      diagnostics.error(
          statement.position(),
          statement.name() + " " + tracker.name() + ": given twice (expected: once)");
    }
  }

  /** Returns the scripts that a {@code track_script} block names. */
  List<Tracker> scripts(Statement statement) {
    return named(statement, scripts, "vrrp_script");
  }

  /** Returns the files that a {@code track_file} block names. */
  List<Tracker> files(Statement statement) {
    return named(statement, files, "track_file");
  }

  private List<Tracker> named(Statement statement, Map<String, Tracker> known, String definition) {
    var trackers = new ArrayList<Tracker>();
    for (var entry : statement.statements()) {
      var tracker = known.get(entry.name());
      if (tracker == null) {
        if (!entry.told() && !leftOut.contains(entry.name())) {
          diagnostics.error(
              entry.position(),
              statement.name()
                  + ": "
                  + Diagnostics.quoted(entry.name())
                  + " (expected: the name of a "
                  + definition
                  + ")",
              Suggestions.nearest(entry.name(), known.keySet()));
        }
      } else {
        trackers.add(weighted(entry, tracker));
      }
    }
    return trackers;
  }

  /** Returns the interfaces that a {@code track_interface} block names. */
  List<Tracker> interfaces(Statement statement) {
    return statement.statements().stream()
        .filter(entry -> !entry.told())
        .map(entry -> weighted(entry, Tracker.networkInterface(entry.name())))
        .toList();
  }

  /** Returns the tracker with the weight that its entry gives it. */
  private Tracker weighted(Statement entry, Tracker tracker) {
    var words = entry.arguments();
    var weighted = tracker;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      switch (word.text()) {
        case "weight" -> {
          if (i + 1 == words.size()) {
            values.wrong(word, entry.name(), "a number behind weight");
          } else {
            var number =
                values.number(words.get(++i), entry.name() + " weight", -MOST_WEIGHT, MOST_WEIGHT);
            weighted = number.isPresent() ? weighted.weight(number.get()) : weighted;
          }
        }
        case "reverse" -> weighted = weighted.reversed();
        case "noreverse", "no_reverse" -> {
          if (weighted.isReversed()) {
            values.wrong(
                word, entry.name(), "no reverse in the definition; it can't be undone here");
          }
        }
        default -> values.wrong(word, entry.name(), "weight, reverse");
      }
    }
    return weighted;
  }
}
