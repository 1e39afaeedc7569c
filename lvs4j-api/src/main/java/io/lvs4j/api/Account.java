package io.lvs4j.api;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A user of this host as the system knows him.
 *
 * @param name how messages call him
 * @param uid his number
 * @param gid the number of the group that a program runs with
 * @param groups all of his groups, that one too
 */
record Account(String name, int uid, int gid, Set<Integer> groups) {
  private static final int UID = 2;
  private static final int GID = 3;
  private static final int MEMBERS = 3;

  /** Returns whom this JVM runs as. */
  static Account self() {
    try {
      int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
      return new Account(System.getProperty("user.name", "" + uid), uid, gid, ownGroups(gid));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException notLinux) {
      var name = System.getProperty("user.name", "");
      return new Account(name, name.equals("root") ? 0 : -1, -1, Set.of());
    }
  }

  private static Set<Integer> ownGroups(int gid) throws IOException {
    var groups = new HashSet<>(Set.of(gid));
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("Groups:")) {
        for (var group : line.substring("Groups:".length()).trim().split("\\s+", -1)) {
          if (!group.isEmpty()) {
            groups.add((int) Long.parseLong(group));
          }
        }
      }
    }
    return groups;
  }

  /**
   * Finds a user, or user and group as {@code user:group}.
   *
   * @throws IOException if there is none of that name, saying so
   */
  static Account of(String userAndGroup) throws IOException {
    var parts = userAndGroup.split(":", 2);
    var user =
        entry("passwd", parts[0])
            .filter(fields -> fields.length > GID)
            .orElseThrow(() -> new IOException("no user " + parts[0]));
    int uid = (int) Long.parseLong(user[UID]);
    int gid = (int) Long.parseLong(user[GID]);
    if (parts.length > 1) {
      gid =
          entry("group", parts[1])
              .filter(fields -> fields.length > UID)
              .map(fields -> (int) Long.parseLong(fields[UID]))
              .orElseThrow(() -> new IOException("no group " + parts[1]));
    }
    var groups = new HashSet<>(Set.of(gid));
    for (var line : lines(Path.of("/etc/group"))) {
      var fields = line.split(":", -1);
      if (fields.length > MEMBERS && List.of(fields[MEMBERS].split(",", -1)).contains(parts[0])) {
        groups.add((int) Long.parseLong(fields[UID]));
      }
    }
    return new Account(parts[0], uid, gid, groups);
  }

  /** Says whether there is such a user, and such a group where one is named behind a colon. */
  static boolean exists(String userAndGroup) {
    try {
      return of(userAndGroup).uid >= 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /** Looks in the file, and asks the name services for those that aren't there. */
  private static Optional<String[]> entry(String database, String name) throws IOException {
    var line =
        lines(Path.of("/etc/" + database)).stream()
            .filter(each -> each.startsWith(name + ":"))
            .findFirst();
    return line.or(() -> asked(database, name)).map(each -> each.split(":", -1));
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
  }

  private static Optional<String> asked(String database, String name) {
    try {
      var getent =
          new ProcessBuilder("getent", database, name)
              .redirectError(Redirect.DISCARD)
              .redirectInput(Redirect.from(RunningProgram.NOWHERE))
              .start();
      try (var answer = getent.inputReader()) {
        // A number would be taken for an identifier.
        return Optional.ofNullable(answer.readLine()).filter(line -> line.startsWith(name + ":"));
      }
    } catch (IOException noGetent) {
      return Optional.empty();
    }
  }

  boolean isSuperuser() {
    return uid == 0;
  }
}
