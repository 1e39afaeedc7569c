package io.lvs4j.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the peers print, read back. */
class ReportsTest {
  @Test
  void wrkReportsItsFiguresInOrder() {
    var report =
        Wrk.parse("Running 1s test\nwrk-report 4000 2000000 1 2 3 4 5 650 1230\nRequests/sec: 1\n");
    assertThat(report)
        .isEqualTo(
            new Wrk.Report(
                4000,
                Duration.ofSeconds(2),
                1,
                2,
                3,
                4,
                5,
                Duration.ofNanos(650_000),
                Duration.ofNanos(1_230_000)));
    assertThat(report.failures()).isEqualTo(15);
    assertThat(report.requestsPerSecond()).isEqualTo(2000);
  }

  @Test
  void wrkWithoutAReportIsAnError() {
    assertThatThrownBy(() -> Wrk.parse("unable to connect")).hasMessageContaining("unable");
  }

  @Test
  void iperfReportsWhatWasReceived() {
    var report =
        Iperf3.parse(
            """
            {"end": {
              "sum_sent": {"bytes": 9, "bits_per_second": 9},
              "sum_received":	{
                "start":	0,
                "bytes":	1000,
                "bits_per_second":	1.5e+9,
                "sender":	true
              }}}
            """);
    assertThat(report).isEqualTo(new Iperf3.Report(1000, 1.5e9));
  }

  @Test
  void usageIsReadFromBehindANameThatHoldsAnything() {
    String stat =
        "42 (a) b (c) S 1 1 1 0 -1 4194560 9 9 9 9 250 50 7 7 20 0 4 0 99 123456 321 18446744";
    assertThat(ProcessUsage.parse(stat, 100, 4096))
        .isEqualTo(new ProcessUsage(Duration.ofSeconds(3), 321 * 4096));
  }
}
