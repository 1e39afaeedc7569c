package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that may be run and those that may not. What is refused is what keepalived 2.2.7 refuses
 * with {@code enable_script_security}, and a link that others could turn.
 */
class ProgramTest {
  private static final String NOBODY = "nobody";

  @TempDir private Path directory;

  private static void assumeRoot() {
    assumeThat(Account.self().isSuperuser()).as("needs root").isTrue();
    assumeThat(Account.exists(NOBODY)).as("needs a user nobody").isTrue();
    assumeThat(RunningProgram.SETPRIV).as("needs setpriv of util-linux").isPresent();
  }

  private Path script(String path) throws IOException {
    var file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    for (var each = file.getParent();
        !each.equals(directory.getParent());
        each = each.getParent()) {
      mode(each, "rwxr-xr-x");
    }
    Files.writeString(file, "#!/bin/sh\nexit 0\n");
    return mode(file, "rwxr-xr-x");
  }

  private static Path mode(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void sticky(Path path) throws IOException {
    Files.setAttribute(path, "unix:mode", 01777);
  }

  private static void owner(Path path, String user) throws IOException {
    Files.setAttribute(path, "unix:uid", Account.of(user).uid());
  }

  private static void group(Path path, String groupOf) throws IOException {
    Files.setAttribute(path, "unix:gid", Account.of(groupOf).gid());
  }

  private static Program program(Path path) {
    return Program.of(path.toString());
  }

  private static void assertRuns(Program program) throws Exception {
    assertThat(program.refusal()).isEmpty();
    var running = RunningProgram.start(program);
    assertThat(running.awaitEnd(Duration.ofSeconds(30))).isTrue();
    assertThat(running.status()).isZero();
  }

  private static void assertRefused(Program program, String why) {
    assertThat(program.refusal()).hasValueSatisfying(found -> assertThat(found).contains(why));
    assertThatThrownBy(() -> RunningProgram.start(program))
        .isInstanceOf(RunningProgram.RefusedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aProgramOfRootThatNobodyElseCanChangeIsRun() throws Exception {
    assumeRoot();
    assertRuns(program(script("safe/s")));
  }

  @Test
  void aProgramThatOthersCanWriteToIsRefusedForRootAndRunForOthers() throws Exception {
    assumeRoot();
    var script = mode(script("file/s"), "rwxrwxrwx");
    assertRefused(program(script), script + ": writable by others");
    assertRefused(program(script).user("nobody:root"), script + ": writable by others");
    assertRuns(program(script).user(NOBODY));
    assertRuns(program(script).withoutSecurity());
  }

  @Test
  void groupsOtherThanRootsCountAsOthers() throws Exception {
    assumeRoot();
    var script = mode(script("group/s"), "rwxrwxr-x");
    assertRuns(program(script));
    group(script, NOBODY);
    assertRefused(program(script), script + ": writable by group ");
  }

  @Test
  void eachDirectoryOnTheWayCounts() throws Exception {
    assumeRoot();
    var script = script("outer/inner/s");
    var outer = script.getParent().getParent();
    mode(outer, "rwxrwxrwx");
    assertRefused(program(script), outer + ": writable by others");
    mode(outer, "rwxrwxr-x");
    assertRuns(program(script));
    group(outer, NOBODY);
    assertRefused(program(script), outer + ": writable by group ");
    mode(outer, "rwxr-xr-x");
    assertRuns(program(script));
    owner(outer, NOBODY);
    assertRefused(program(script), outer + ": belongs to user ");
  }

  @Test
  void aStickyDirectoryLetsOthersReplaceOnlyTheirOwn() throws Exception {
    assumeRoot();
    var script = script("sticky/s");
    sticky(script.getParent());
    assertRuns(program(script));
    owner(script, NOBODY);
    assertRefused(program(script), script + ": belongs to user ");
  }

  @Test
  void linksAreFollowedAndLookedAtThemselves() throws Exception {
    assumeRoot();
    var open = script("open/s");
    mode(open.getParent(), "rwxrwxrwx");
    var safe = script("safe/s");
    var intoOpen = Files.createSymbolicLink(directory.resolve("safe/link"), open);
    assertRefused(program(intoOpen), open.getParent() + ": writable by others");
    var openDirectory =
        Files.createSymbolicLink(directory.resolve("safe/d"), Path.of("..", "open"));
    assertRefused(program(openDirectory.resolve("s")), open.getParent() + ": writable by others");
    var turnable = Files.createSymbolicLink(directory.resolve("open/link"), safe);
    assertRefused(program(turnable), open.getParent() + ": writable by others");
    var good = Files.createSymbolicLink(directory.resolve("safe/good"), Path.of("s"));
    assertRuns(program(good));
    var circle = directory.resolve("safe/circle");
    Files.createSymbolicLink(circle, circle);
    assertRefused(program(circle), circle + ": too many symbolic links");
  }

  @Test
  void aSetUserIdProgramOfRootCountsAsRootsWhoeverRunsIt() throws Exception {
    assumeRoot();
    var script = script("set/s");
    Files.setAttribute(script, "unix:mode", 04777);
    assertRefused(program(script).user(NOBODY), script + ": writable by others");
  }

  @Test
  void aProgramIsLookedAtWithTheEyesOfItsUser() throws Exception {
    assumeRoot();
    var script = mode(script("own/s"), "rwx------");
    assertRuns(program(script));
    assertRefused(program(script).user(NOBODY), script + ": not executable for nobody");
    mode(script, "rwxr-xr-x");
    var closed = mode(script.getParent(), "rwx------");
    assertRefused(program(script).user(NOBODY), closed + ": permission denied for nobody");
  }

  @Test
  void whatIsNotThereOrNoProgramIsRefused() throws Exception {
    var script = script("some/s");
    var missing = directory.resolve("missing");
    assertRefused(program(missing), missing + ": no such file");
    assertRefused(program(script.getParent()), script.getParent() + ": not a regular file");
    mode(script, "rw-r--r--");
    assertRefused(program(script), script + ": not executable for ");
    assertRefused(program(script.resolve("below")), script + ": not a directory");
    assertRefused(Program.of("no-such-program-anywhere"), "no-such-program-anywhere: not found in");
    assertRuns(Program.of("true"));
  }

  @Test
  void unknownUsersAndGroupsAreRefused() throws Exception {
    assumeRoot();
    var script = program(script("some/s"));
    assertRefused(script.user("no-such-user"), "no user no-such-user");
    assertRefused(script.user("nobody:no-such-group"), "no group no-such-group");
    assertRefused(script.user("65534"), "no user 65534");
  }

  @Test
  void aProgramRunsWithItsUsersGroupsAndNoneOfRoots() throws Exception {
    assumeRoot();
    var told = directory.resolve("told");
    Files.createFile(told);
    mode(directory, "rwxr-xr-x");
    mode(told, "rw-rw-rw-");
    for (var user : List.of(NOBODY, memberOfSeveralGroups())) {
      var account = Account.of(user);
      var id = Program.of("/bin/sh", "-c", "{ id -u; id -g; id -G; } > " + told).user(user);
      assertRuns(id);
      var lines = Files.readAllLines(told);
      assertThat(lines.get(0)).isEqualTo("" + account.uid());
      assertThat(lines.get(1)).isEqualTo("" + account.gid());
      assertThat(numbers(lines.get(2))).isEqualTo(account.groups());
    }
  }

  @Test
  void aGroupOfItsOwnIsThePrimaryOne() throws Exception {
    assumeRoot();
    var told = directory.resolve("told");
    Files.createFile(told);
    mode(directory, "rwxr-xr-x");
    mode(told, "rw-rw-rw-");
    assertRuns(Program.of("/bin/sh", "-c", "id -g > " + told).user("nobody:daemon"));
    assertThat(told).hasContent("" + Account.of("nobody:daemon").gid());
  }

  private static Set<Integer> numbers(String line) {
    return Arrays.stream(line.split(" ", -1)).map(Integer::valueOf).collect(Collectors.toSet());
  }

  /** Somebody of this host who is in more groups than his own; nobody where there is none. */
  private static String memberOfSeveralGroups() throws IOException {
    return Files.readAllLines(Path.of("/etc/group")).stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > 3 && !fields[3].isEmpty())
        .map(fields -> fields[3].split(",", -1)[0])
        .filter(Account::exists)
        .findFirst()
        .orElse(NOBODY);
  }
}
