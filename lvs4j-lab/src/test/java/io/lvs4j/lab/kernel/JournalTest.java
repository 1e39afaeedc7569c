package io.lvs4j.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.kernel.Journal.Entry;
import io.lvs4j.lab.kernel.Journal.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void theLastOfEachTestIsReadInTheOrderInWhichTheyWereFound() {
    var journal = new Journal(directory.resolve("tests"));
    assertThat(journal.read()).isEmpty();
    var failed =
        new Entry("A.b [1] c\td\n", Verdict.FAILED, Duration.ofMillis(1500), "why\n\tat é");
    journal.add("1", new Entry("A.b", Verdict.FOUND, Duration.ZERO, ""));
    journal.add("2", new Entry("B.c", Verdict.FOUND, Duration.ZERO, ""));
    journal.add("2", new Entry("B.c", Verdict.BEGUN, Duration.ZERO, ""));
    journal.add("1", failed);
    assertThat(journal.read())
        .containsExactly(failed, new Entry("B.c", Verdict.BEGUN, Duration.ZERO, ""));
    assertThat(failed.className()).isEqualTo("A");
  }

  @Test
  void aLineThatAGuestCouldNotFinishIsLeftOut() throws IOException {
    var file = directory.resolve("tests");
    var journal = new Journal(file);
    var begun = new Entry("A.b", Verdict.BEGUN, Duration.ZERO, "");
    journal.add("1", begun);
    Files.writeString(file, "1\tQS5i\tPASS", StandardOpenOption.APPEND);
    assertThat(journal.read()).containsExactly(begun);
  }
}
