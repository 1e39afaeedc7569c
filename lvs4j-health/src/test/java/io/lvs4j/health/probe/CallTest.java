package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthProbe;
import io.lvs4j.api.HealthReport;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.health.verdict.Outcome;
import io.lvs4j.health.verdict.WeightReport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes that are calls: programs, files, echo requests, and an application's own. */
class CallTest {
  private static final Endpoint AT = new Endpoint(InetAddress.getLoopbackAddress(), 80);
  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir private Path directory;
  private ProbeLoop loop;

  @BeforeEach
  void open() {
    loop = ProbeLoop.open();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private CompletableFuture<Outcome> begin(Prober prober) {
    var outcome = new CompletableFuture<Outcome>();
    loop.execute(() -> prober.attempt(0, outcome::complete));
    return outcome;
  }

  private Outcome outcome(HealthCheck check) throws Exception {
    return begin(loop.prober(AT, check)).get(20, TimeUnit.SECONDS);
  }

  private void assertFails(HealthCheck check, String found) throws Exception {
    assertThat(outcome(check)).isEqualTo(new Outcome.Failure(found));
  }

  private void assertPasses(HealthCheck check, String found, WeightReport weight) throws Exception {
    assertThat(outcome(check)).isEqualTo(new Outcome.Success(found, weight));
  }

  @Nested
  class OfAProgram {
    private Path script(String text) throws IOException {
      var file = Files.writeString(directory.resolve("check.sh"), "#!/bin/sh\n" + text);
      assertThat(file.toFile().setExecutable(true)).isTrue();
      return file;
    }

    private ProcessRun run(String text) throws IOException {
      return ProcessRun.of(script(text).toString(), "a b");
    }

    private String about() {
      return "MISC_CHECK " + directory.resolve("check.sh") + " a b for 127.0.0.1:80: ";
    }

    @Test
    void statusZeroPassesAndArgumentsArriveAsTheyAre() throws Exception {
      assertPasses(
          HealthCheck.of(run("test $# = 1 -a \"$1\" = 'a b'")),
          about() + "status 0",
          WeightReport.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 255})
    void anyOtherStatusFails(int status) throws Exception {
      assertFails(
          HealthCheck.of(run("exit " + status)),
          about() + "status " + status + " (expected: status 0)");
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,1", "102,100", "128,126", "160,158", "255,253"})
    void aDynamicStatusNamesTheWeight(int status, int weight) throws Exception {
      assertPasses(
          HealthCheck.of(run("exit " + status).dynamic()),
          about() + "status " + status + ", weight " + weight,
          WeightReport.of(weight));
    }

    @Test
    void aDynamicStatusOfZeroLeavesTheWeightAndOneFails() throws Exception {
      assertPasses(
          HealthCheck.of(run("exit 0").dynamic()), about() + "status 0", WeightReport.NONE);
      assertFails(
          HealthCheck.of(run("exit 1").dynamic()),
          about() + "status 1 (expected: status 0, or 2-255 for a weight)");
    }

    @Test
    void deathByASignalFailsHoweverDynamic() throws Exception {
      assertFails(
          HealthCheck.of(run("kill -KILL $$").dynamic()),
          about()
              + "killed by signal 9, or status 137 (expected: status 0, or 2-255 for a weight)");
    }

    @Test
    void aProgramThatTakesTooLongIsEnded() throws Exception {
      assertFails(
          HealthCheck.of(run("exec sleep 1000").timeout(SHORT)),
          about() + "no end, killed (expected: status 0 within 500 ms)");
    }

    @Test
    void aProgramThatForksAndHeedsNoSignalLeavesNothingBehind() throws Exception {
      var pids = directory.resolve("pids");
      var text =
          "trap '' TERM\n(trap '' TERM; (sleep 1000 & echo $! >>"
              + pids
              + "; wait) & echo $! >>"
              + pids
              + "; wait) &\necho $! $$ >>"
              + pids
              + "\nwhile :; do sleep 1; done\n";
      assertFails(
          HealthCheck.of(run(text).timeout(SHORT)),
          about() + "no end, killed (expected: status 0 within 500 ms)");
      var all = Files.readString(pids).trim().split("\\s+");
      assertThat(all).hasSize(4);
      for (var pid : all) {
        await().until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
      }
    }

    @Test
    void cancellingEndsTheProgram() throws Exception {
      var pid = directory.resolve("pid");
      var prober = loop.prober(AT, HealthCheck.of(run("echo $$ > " + pid + "\nsleep 1000")));
      var attempt = new CompletableFuture<Cancellable>();
      loop.execute(() -> attempt.complete(prober.attempt(0, _ -> {})));
      await().until(() -> Files.exists(pid) && Files.size(pid) > 1);
      loop.execute(() -> attempt.join().cancel());
      long number = Long.parseLong(Files.readString(pid).trim());
      await().until(() -> ProcessHandle.of(number).isEmpty());
    }

    @Test
    void aProgramThatIsNotThereFails() throws Exception {
      var missing = directory.resolve("missing").toString();
      assertFails(
          HealthCheck.of(ProcessRun.of(missing)),
          "MISC_CHECK "
              + missing
              + " for 127.0.0.1:80: not started: "
              + missing
              + ": no such file (expected: status 0)");
    }

    @Test
    void aProgramMayRunAsAnotherUser() throws Exception {
      assumeThat(ProcessHandle.current().info().user()).as("needs root").hasValue("root");
      assumeThat(Path.of("/usr/bin/setpriv")).as("needs setpriv").isExecutable();
      assertThat(
              outcome(
                  HealthCheck.of(
                      ProcessRun.of("/bin/sh", "-c", "test \"$(id -un)\" = nobody")
                          .user("nobody"))))
          .isInstanceOf(Outcome.Success.class);
      assertThat(
              outcome(
                  HealthCheck.of(
                      ProcessRun.of("/bin/sh", "-c", "test \"$(id -un)\" = root").user("nobody"))))
          .isInstanceOf(Outcome.Failure.class);
    }
  }

  @Nested
  class OfAFile {
    private FileValue value(String text, int multiplier) throws IOException {
      return new FileValue(Files.writeString(directory.resolve("value"), text), multiplier);
    }

    private String about() {
      return "FILE_CHECK " + directory.resolve("value") + " for 127.0.0.1:80: ";
    }

    @ParameterizedTest(name = "{0} times {1}")
    @CsvSource({
      "5,1,5,5",
      "-5,1,-5,-5",
      "5,-2,5,-10",
      "' 0x10 ',1,16,16",
      "010,3,8,24",
      "7 apples,1,7,7",
      "'',1,0,0",
      "apples,1,0,0",
      "+3,1,3,3",
      "2147483647,1,2147483647,2147483647",
      "-2147483647,1,-2147483647,-2147483647"
    })
    void theNumberIsMultipliedAndAdded(String text, int multiplier, long number, long added)
        throws Exception {
      assertPasses(
          HealthCheck.of(value(text, multiplier)),
          about() + "value " + number,
          WeightReport.added(added));
    }

    @Test
    void aProductThatIsFarBelowZeroFails() throws Exception {
      assertFails(
          HealthCheck.of(value("-2147483648", 1)),
          about() + "value -2147483648 times 1 (expected: more than -2147483648)");
    }

    @Test
    void withoutAMultiplierAnythingButZeroFails() throws Exception {
      assertPasses(HealthCheck.of(value("0", 0)), about() + "value 0", WeightReport.NONE);
      assertFails(HealthCheck.of(value("3", 0)), about() + "value 3 (expected: 0)");
    }

    @Test
    void aMissingFileCountsAsZero() throws Exception {
      var missing = directory.resolve("missing");
      assertThat(outcome(HealthCheck.of(FileValue.isZero(missing))))
          .isInstanceOf(Outcome.Success.class)
          .extracting(Outcome::detail)
          .asString()
          .contains("no value (java.nio.file.NoSuchFileException");
    }
  }

  @Test
  void aHostThatAnswersPasses() throws Exception {
    assertPasses(HealthCheck.of(new IcmpEcho()), "PING_CHECK 127.0.0.1: reply", WeightReport.NONE);
  }

  @Nested
  class OfTheApplication {
    private HealthCheck check(HealthProbe probe) {
      return HealthCheck.of("orders", probe).connectTimeout(SHORT);
    }

    private static final String ABOUT = "orders at 127.0.0.1:80: ";

    @Test
    void aReportIsTakenAsItIs() throws Exception {
      assertPasses(
          check((_, _) -> CompletableFuture.completedStage(HealthReport.up("ready"))),
          ABOUT + "ready",
          WeightReport.NONE);
      assertPasses(
          check((_, _) -> CompletableFuture.completedStage(HealthReport.up("ready").weight(0))),
          ABOUT + "ready",
          WeightReport.of(0));
      assertFails(
          check((server, timeout) ->
              CompletableFuture.supplyAsync(
                  () -> HealthReport.down("not " + server + " in " + timeout))),
          ABOUT + "not 127.0.0.1:80 in PT0.5S");
    }

    @Test
    void whateverIsThrownIsAFailure() throws Exception {
      assertFails(
          check((_, _) -> {
            throw new IOException("broken");
          }),
          ABOUT + "threw java.io.IOException: broken (expected: a HealthReport)");
      assertFails(
          check((_, _) -> CompletableFuture.failedStage(new IOException("broken"))),
          ABOUT + "threw java.io.IOException: broken (expected: a HealthReport)");
    }

    @Test
    void noReportInTimeIsAFailure() throws Exception {
      assertFails(
          check((_, _) -> new CompletableFuture<>()),
          ABOUT + "no report (expected: one within 500 ms)");
    }

    @Test
    void aCallThatHangsIsNotMadeASecondTime() throws Exception {
      var calls = new AtomicInteger();
      var release = new CountDownLatch(1);
      var prober =
          loop.prober(
              AT,
              check((_, _) -> {
                calls.incrementAndGet();
                while (release.getCount() > 0) {
                  try {
                    release.await();
                  } catch (InterruptedException deaf) {
                    Thread.interrupted();
                  }
                }
                return CompletableFuture.completedStage(HealthReport.up("late"));
              }));
      assertThat(begin(prober).get(10, TimeUnit.SECONDS))
          .isEqualTo(new Outcome.Failure(ABOUT + "no report (expected: one within 500 ms)"));
      for (int i = 0; i < 3; i++) {
        assertThat(begin(prober).get(10, TimeUnit.SECONDS))
            .isEqualTo(
                new Outcome.Failure(
                    ABOUT + "the last call still goes on (expected: a report within 500 ms)"));
      }
      assertThat(calls).hasValue(1);
      release.countDown();
      await()
          .untilAsserted(() ->
              assertThat(begin(prober).get(10, TimeUnit.SECONDS))
                  .isEqualTo(new Outcome.Success(ABOUT + "late")));
    }
  }
}
