package io.lvs4j.keepalived.text;

import io.lvs4j.api.Program;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.TrackerSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what is tracked: the definitions once, and the entries that refer to them. */
final class TrackerText {
  private final TextLines lines;
  private final Map<String, Tracker> defined = new LinkedHashMap<>();

  TrackerText(TextLines lines) {
    this.lines = lines;
  }

  /** Writes the definitions that these trackers need and that are not there yet. */
  void define(List<Tracker> trackers) {
    for (var tracker : trackers) {
      var plain = definition(tracker);
      var other = defined.get(tracker.name());
      if (other == null) {
        switch (tracker.source()) {
          case TrackerSource.Script(Program program) -> script(plain, program);
          case TrackerSource.File(var path) -> file(plain, path.toString());
          case TrackerSource.NetworkInterface _,
              TrackerSource.Quorum _,
              TrackerSource.Check _,
              TrackerSource.Offset _ -> {
            continue;
          }
        }
        defined.put(tracker.name(), plain);
      } else if (!other.equals(plain)) {
        lines.loss("tracker " + tracker.name(), "two of this name", "a name for each");
      }
    }
  }

  /** Returns the files that are defined, each with its name. */
  Map<Path, String> files() {
    var files = new LinkedHashMap<Path, String>();
    defined
        .values()
        .forEach(tracker -> {
          if (tracker.source() instanceof TrackerSource.File(Path path)) {
            files.putIfAbsent(path, tracker.name());
          }
        });
    return files;
  }

  /** Returns what is defined: the tracker with the weight that it has without an entry's. */
  private static Tracker definition(Tracker tracker) {
    var plain =
        switch (tracker.source()) {
          case TrackerSource.Script(Program program) -> Tracker.script(tracker.name(), program);
          case TrackerSource.File(var path) -> Tracker.file(tracker.name(), path);
          case TrackerSource.NetworkInterface _,
              TrackerSource.Quorum _,
              TrackerSource.Check _,
              TrackerSource.Offset _ ->
              tracker;
        };
    plain =
        plain
            .every(tracker.interval())
            .timeout(tracker.timeout())
            .rise(tracker.rise())
            .fall(tracker.fall());
    return tracker.isFailedAtFirst() ? plain.failedAtFirst() : plain;
  }

  private void script(Tracker tracker, Program program) {
    String subject = "vrrp_script " + tracker.name();
    lines
        .open("vrrp_script " + lines.word("vrrp_script", tracker.name()))
        .line("script " + CommandText.of(lines, subject, program))
        .line("interval " + lines.wholeSeconds(subject + ": interval", tracker.interval()))
        .line("timeout " + lines.wholeSeconds(subject + ": timeout", tracker.timeout()))
        .line("rise " + tracker.rise())
        .line("fall " + tracker.fall())
        .lineIf(tracker.isFailedAtFirst(), "init_fail")
        .lineIf(program.user().isPresent(), CommandText.user(program))
        .close()
        .gap();
  }

  private void file(Tracker tracker, String path) {
    boolean odd =
        !tracker.interval().equals(Duration.ofSeconds(1))
            || !tracker.timeout().equals(Duration.ofSeconds(1))
            || tracker.rise() != 1
            || tracker.fall() != 1
            || tracker.isFailedAtFirst();
    if (odd) {
      lines.loss("track_file " + tracker.name(), "an interval, rise or fall", "none");
    }
    lines
        .open("track_file " + lines.word("track_file", tracker.name()))
        .line("file", path)
        .close()
        .gap();
  }

  /** Writes the blocks of an instance or a group that say what it tracks. */
  void entries(String subject, List<Tracker> trackers) {
    var interfaces = new ArrayList<String>();
    var scripts = new ArrayList<String>();
    var files = new ArrayList<String>();
    for (var tracker : trackers) {
      switch (tracker.source()) {
        case TrackerSource.NetworkInterface(String name) -> {
          if (!name.equals(tracker.name())) {
            lines.loss(subject, "tracker " + tracker.name(), "the name of its interface");
          }
          interfaces.add(entry(name, tracker, 0));
        }
        case TrackerSource.Script _ -> scripts.add(entry(tracker.name(), tracker, 0));
        case TrackerSource.File _ -> files.add(entry(tracker.name(), tracker, 1));
        case TrackerSource.Quorum _, TrackerSource.Check _, TrackerSource.Offset _ ->
            lines.loss(subject, "tracker " + tracker.name(), "an interface, a script or a file");
      }
    }
    block("track_interface", interfaces);
    block("track_script", scripts);
    block("track_file", files);
  }

  private String entry(String name, Tracker tracker, int defaultWeight) {
    boolean weight = tracker.weight() != defaultWeight || tracker.isReversed();
    return lines.word("tracker", name)
        + (weight ? " weight " + tracker.weight() : "")
        + (tracker.isReversed() ? " reverse" : "");
  }

  private void block(String keyword, List<String> entries) {
    if (!entries.isEmpty()) {
      lines.open(keyword);
      entries.forEach(lines::line);
      lines.close();
    }
  }
}
