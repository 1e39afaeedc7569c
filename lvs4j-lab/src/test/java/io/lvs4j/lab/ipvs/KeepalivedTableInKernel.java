package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.Endpoint;
import io.lvs4j.lab.kernel.Apart;
import io.lvs4j.lab.kernel.TableDiary;
import io.lvs4j.lab.kernel.TableDiary.Writer;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.RunningProcess;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * keepalived keeps the table of a kernel that lvs4j never touches, and which is written down:
 * {@link Lvs4jTableInKernel} does the same in another kernel.
 */
@Apart
@Order(3)
class KeepalivedTableInKernel {
  @Test
  void keepalivedsTableIsWrittenDownWhileRealServersDieAndComeBack() throws Exception {
    var keepalived = Keepalived.find();
    assumeTrue(keepalived.isPresent(), "keepalived is not installed");
    var configuration = DirectorsDay.configuration();
    try (var day = new DirectorsDay(TableDiary.of(Writer.KEEPALIVED))) {
      var site = day.site();
      var process = new AtomicReference<RunningProcess>();
      var command = keepalived.get().command(site.workspace(), configuration);
      try {
        day.pass(
            () -> process.set(site.director().start(site.workspace(), command)),
            new LoggedDecisions(configuration, process));
      } finally {
        System.out.println(process.get() == null ? "not started" : process.get().log());
      }
    }
  }

  /** What keepalived's log says: a line for each checker whenever it has found another answer. */
  private record LoggedDecisions(String configuration, AtomicReference<RunningProcess> process)
      implements DirectorsDay.Decisions {
    @Override
    public boolean madeOf(Host real, boolean up, int times) {
      var log = process.get().log();
      long checkers = 0;
      long lines = 0;
      for (var address :
          List.of(real.ipv4(), real.ipv6()).stream().map(Endpoint::literal).toList()) {
        checkers += count(configuration, Pattern.quote("real_server " + address + " "));
        lines +=
            count(
                log,
                (up ? "TCP connection to " : "TCP_CHECK on service ")
                    + Pattern.quote("[" + address + "]:")
                    + (up ? ".* success\\." : ".* failed\\."));
      }
      assertThat(checkers).as("checkers of " + real).isPositive();
      return lines >= times * checkers;
    }

    private static long count(String text, String pattern) {
      return Pattern.compile(pattern).matcher(text).results().count();
    }
  }
}
