package io.lvs4j.vrrp.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.vrrp.machine.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trackers that are asked: in Java, as programs and as files. */
@Timeout(120)
class QuestionsTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);

  @TempDir private Path directory;

  private final List<Reading> readings = new CopyOnWriteArrayList<>();

  private Questions ask(Tracker tracker) {
    var log = new RouterLog(Runnable::run, RouterClock.system());
    var questions = new Questions(log, (_, reading) -> readings.add(reading));
    questions.follow(List.of(tracker));
    return questions;
  }

  private void expect(Reading... expected) {
    await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(readings).containsExactly(expected));
  }

  private Path script(String text) throws IOException {
    var script = directory.resolve("script.sh");
    Files.writeString(script, "#!/bin/sh\n" + text + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private long lines(String file) throws IOException {
    var path = directory.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path).size() : 0;
  }

  @Test
  void aQuestionThatFailsIsBadWithTheReason() {
    try (var _ =
        ask(
            Tracker.check(
                "app",
                () -> {
                  throw new IllegalStateException("no database");
                }))) {
      expect(new Reading.Bad("java.lang.IllegalStateException: no database"));
    }
  }

  @Test
  void aQuestionThatCantBeAskedForWantOfMemoryOrThreadsChangesNothingAndIsAskedAgain() {
    var asked = new AtomicInteger();
    var tracker =
        Tracker.check(
                "app",
                () -> {
                  if (asked.incrementAndGet() % 3 != 1) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  return true;
                })
            .every(Duration.ofMillis(10))
            .timeout(LONG_ENOUGH);
    try (var _ = ask(tracker)) {
      await().atMost(LONG_ENOUGH).until(() -> asked.get() > 7);
      expect(new Reading.Good());
    }
  }

  @Test
  void anErrorOfAQuestionIsBadAndEndsNothing() {
    var asked = new AtomicInteger();
    var tracker =
        Tracker.check(
                "app",
                () -> {
                  if (asked.incrementAndGet() == 1) {
                    throw new NoClassDefFoundError("broken");
                  }
                  return true;
                })
            .every(Duration.ofMillis(10))
            .timeout(LONG_ENOUGH);
    try (var _ = ask(tracker)) {
      expect(new Reading.Bad("java.lang.NoClassDefFoundError: broken"), new Reading.Good());
    }
  }

  @Test
  void aQuestionWithoutAnAnswerIsBadIsNotAskedTwiceAndIsInterrupted() {
    var asked = new AtomicInteger();
    var interrupted = new CountDownLatch(1);
    var forEver = new CountDownLatch(1);
    var tracker =
        Tracker.check(
                "app",
                () -> {
                  asked.incrementAndGet();
                  while (true) {
                    try {
                      forEver.await();
                      return true;
                    } catch (InterruptedException signal) {
                      interrupted.countDown();
                    }
                  }
                })
            .every(Duration.ofMillis(20))
            .timeout(Duration.ofMillis(60))
            .fall(3);
    try (var _ = ask(tracker)) {
      await().atMost(LONG_ENOUGH).until(() -> interrupted.getCount() == 0);
      expect(new Reading.Bad("no answer within 60 ms"));
      assertThat(asked).hasValue(1);
      forEver.countDown();
      await().atMost(LONG_ENOUGH).until(() -> readings.contains(new Reading.Good()));
    }
  }

  @Test
  void aProgramIsGoodWhenItEndsWithStatusZero() throws Exception {
    var switchFile = directory.resolve("good");
    Files.createFile(switchFile);
    var script = script("test -e " + switchFile);
    try (var _ =
        ask(
            Tracker.script("probe", script.toString())
                .every(Duration.ofMillis(50))
                .timeout(LONG_ENOUGH))) {
      expect(new Reading.Good());
      Files.delete(switchFile);
      expect(new Reading.Good(), new Reading.Bad("status 1 (expected: 0)"));
    }
  }

  @Test
  void aProgramThatIsNotThereIsBad() {
    try (var _ = ask(Tracker.script("probe", "/no/such/program"))) {
      await().atMost(LONG_ENOUGH).until(() -> readings.size() == 1);
      assertThat(readings.getFirst())
          .isInstanceOfSatisfying(
              Reading.Bad.class, bad -> assertThat(bad.reason()).contains("/no/such/program"));
    }
  }

  @Test
  void aProgramThatTakesTooLongIsEndedWithWhatItStartedAndNeverRunsTwice() throws Exception {
    // It ignores SIGTERM, so it takes a SIGKILL; the child's sleep would outlive it otherwise.
    var script = script("trap '' TERM\necho run >> runs\nsleep 60\necho over >> over");
    Files.writeString(
        directory.resolve("script.sh"),
        Files.readString(script)
            .replace("runs", directory.resolve("runs").toString())
            .replace("> over", "> " + directory.resolve("over")));
    try (var _ =
        ask(
            Tracker.script("probe", script.toString())
                .every(Duration.ofMillis(50))
                .timeout(Duration.ofMillis(200)))) {
      expect(new Reading.Bad("no answer within 200 ms"));
      assertThat(lines("runs")).isOne();
      await().atMost(LONG_ENOUGH).until(() -> lines("runs") >= 2);
      assertThat(
              ProcessHandle.current()
                  .descendants()
                  .filter(each -> each.info().commandLine().orElse("").contains("script.sh")))
          .hasSizeLessThanOrEqualTo(1);
    }
    await()
        .atMost(LONG_ENOUGH)
        .until(() ->
            ProcessHandle.current()
                .descendants()
                .noneMatch(each -> each.info().commandLine().orElse("").contains("script.sh")));
    assertThat(lines("over")).isZero();
  }

  @Test
  void aFileIsReadWhenItChanges() throws Exception {
    var file = directory.resolve("weight");
    try (var _ = ask(Tracker.file("weight", file).every(Duration.ofHours(1)))) {
      expect(new Reading.Value(0));
      Files.writeString(file, "-20\n");
      await().atMost(LONG_ENOUGH).until(() -> readings.contains(new Reading.Value(-20)));
      Files.writeString(file, "0x10");
      await().atMost(LONG_ENOUGH).until(() -> readings.contains(new Reading.Value(16)));
      Files.delete(file);
      await().atMost(LONG_ENOUGH).until(() -> readings.getLast().equals(new Reading.Value(0)));
    }
  }
}
