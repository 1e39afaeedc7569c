package io.lvs4j.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.peer.UserModeLinux.Machine;
import io.lvs4j.lab.peer.UserModeLinux.NotBootedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boots a guest with as little in it as there can be, on this host and on one with AMX. */
class UserModeLinuxTest {
  private static final Machine SMALL = new Machine(256, 1024, List.of());
  private static final Duration AT_MOST = Duration.ofMinutes(5);

  private final Workspace workspace = Workspace.create();
  private UserModeLinux linux = UserModeLinux.find().orElse(null);

  @BeforeEach
  void whereOneBoots() {
    assumeTrue(linux != null, "user-mode-linux is not installed");
    try {
      run(linux, "true");
    } catch (NotBootedException unbootable) {
      abort(unbootable.getMessage());
    }
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private UserModeLinux.Result run(UserModeLinux guest, String... command) {
    return guest.run(workspace, SMALL, List.of(command), AT_MOST);
  }

  /** Builds what makes this host's ptrace that of a processor with AMX. */
  private Path amx() throws IOException {
    var gcc = Program.find("gcc");
    assumeTrue(gcc.isPresent(), "gcc is not installed (Debian: apt install gcc libc6-dev)");
    var directory = workspace.directory("amx");
    var source = directory.resolve("amx-host.c");
    try (var text = UserModeLinuxTest.class.getResourceAsStream("amx-host.c")) {
      Files.write(source, Objects.requireNonNull(text).readAllBytes());
    }
    var library = directory.resolve("amx-host.so");
    var said =
        gcc.get()
            .answer("-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl");
    assertThat(library).as(said).exists();
    return library;
  }

  @Test
  void bootsOnAProcessorWithAmxAndKeepsTheCureFromItsPrograms() throws IOException {
    var result = run(linux.onHostWith(amx()), "env");
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("TMPDIR=").doesNotContain("LD_PRELOAD");
  }

  @Test
  void saysWhatIsMissingWhereAProcessorHasAmxAndThereIsNoCompiler() throws IOException {
    var bare = linux.onHostWith(amx()).withoutCompiler();
    assertThatThrownBy(() -> run(bare, "true"))
        .isInstanceOf(NotBootedException.class)
        .hasMessageContaining("set fp regs failed")
        .hasMessageContaining("apt install gcc libc6-dev");
  }

  @Test
  void needsNoCompilerOnOtherProcessors() {
    UserModeLinux.Result result;
    try {
      result = run(linux.onHostWith().withoutCompiler(), "echo", "at work");
    } catch (NotBootedException withAmx) {
      assertThat(withAmx).hasMessageContaining("apt install gcc libc6-dev");
      abort("this processor has AMX");
      return;
    }
    assertThat(result.output()).contains("at work");
  }

  @Test
  void aGuestThatDiesAfterItHasBootedHasFailed() {
    assertThatThrownBy(() -> run(linux, "sh", "-c", "kill -9 $PPID; halt -f"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("guest: booted");
  }

  @Test
  void aGuestThatDoesNotBootWhereAnotherHasIsAFailure() {
    assertThatThrownBy(() -> linux.run(workspace, new Machine(1, 1, List.of()), List.of(), AT_MOST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("although another has booted");
  }

  @Test
  void aHostWithoutRoomForItsMemoryIsNamed() {
    assumeTrue(
        UserModeLinux.guestsThatFit(new Machine(1 << 30, 1, List.of())) == 0,
        "the guest's memory is not in a file system of limited size");
    assertThatThrownBy(() ->
            linux
                .onHostWith()
                .run(workspace, new Machine(1 << 30, 1, List.of()), List.of(), AT_MOST))
        .isInstanceOf(NotBootedException.class)
        .hasMessageContaining("MB left (expected: the " + (1 << 30) + " MB of its memory)");
  }
}
