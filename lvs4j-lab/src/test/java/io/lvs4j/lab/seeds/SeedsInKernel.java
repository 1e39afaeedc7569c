package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.lvs.LvsSite;
import org.junit.jupiter.api.Test;

/**
 * The other seeds with a keepalived.conf: direct routing, health checks and a failover. Run by
 * name: {@code -Dlvs4j.kernel=Seed* -Dlvs4j.seeds=inner}.
 */
class SeedsInKernel {
  /** Seed 000: two directors, two nginx, round robin; each of its directors has a file. */
  @Test
  void seed000() throws Exception {
    DirectRoutingSeed.assumeAskedFor();
    try (var cluster = new DirectRoutingSeed("ens33", "172.16.28", 120, 130, 131, 132, 133)) {
      cluster.run(1, Seed.file("000-master.conf"));
      cluster.run(2, Seed.file("000-backup.conf"));
      cluster.awaitAddressAt(1);
      cluster.awaitAnswersOf("real1", "real2");
      assertThat(cluster.table(1))
          .contains("TCP  172.16.28.120:80 rr")
          .contains("172.16.28.132:80", "172.16.28.133:80")
          .contains("Route   1");
      assertThat(cluster.table(2)).as("of the director that stands by").doesNotContain("Route");

      cluster.stop(1);
      cluster.awaitAddressAt(2);
      cluster.awaitAnswersOf("real1", "real2");
    }
  }

  /** Seed 004: keepalived and LVS, with a sorry server on the director itself. */
  @Test
  void seed004() throws Exception {
    DirectRoutingSeed.assumeAskedFor();
    try (var cluster = new DirectRoutingSeed("ens33", "192.168.199", 10, 205, 223, 229, 190)) {
      cluster.serve(cluster.site().director(1), LvsSite.PORT);
      cluster.run(1, Seed.file("004-lvs.conf").replace("delay_loop 6", "delay_loop 1"));
      cluster.awaitAddressAt(1);
      cluster.awaitAnswersOf("real1", "real2");

      cluster.kill(cluster.site().real(1));
      cluster.kill(cluster.site().real(2));
      cluster.awaitAnswersOf("director1");

      cluster.serve(cluster.site().real(2));
      cluster.awaitAnswersOf("real2");
    }
  }
}
