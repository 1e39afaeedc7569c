package io.lvs4j.keepalived.text;

import io.lvs4j.api.FileValue;
import io.lvs4j.api.VirtualServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The files that checkers look at, each with the name of the track_file that it has. */
final class TrackedFiles {
  private final TextLines lines;
  private final Map<Path, String> names;

  /**
   * Begins.
   *
   * @param names those that are written already
   */
  TrackedFiles(TextLines lines, Map<Path, String> names) {
    this.lines = lines;
    this.names = new LinkedHashMap<>(names);
  }

  /** Writes the definitions that a virtual server needs and that are not there yet. */
  void define(VirtualServer server) {
    for (var real : server.realServers()) {
      for (var check : server.healthChecksOf(real)) {
        if (check.probe() instanceof FileValue value && !names.containsKey(value.file())) {
          var name = "file_" + (names.size() + 1);
          names.put(value.file(), name);
          lines.open("track_file " + name).line("file", value.file().toString()).close().gap();
        }
      }
    }
  }

  String nameOf(Path file) {
    return Objects.requireNonNull(names.get(file), () -> file + ": not defined");
  }
}
