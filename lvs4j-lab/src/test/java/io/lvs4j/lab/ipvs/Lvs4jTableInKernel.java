package io.lvs4j.lab.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.lab.kernel.Apart;
import io.lvs4j.lab.kernel.TableDiary;
import io.lvs4j.lab.kernel.TableDiary.Writer;
import io.lvs4j.lab.network.Host;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * lvs4j keeps the table of a kernel that keepalived never touches, and which is written down:
 * {@link KeepalivedTableInKernel} does the same in another kernel.
 */
@Apart
@Order(3)
class Lvs4jTableInKernel {
  @Test
  void lvs4jsTableIsWrittenDownWhileRealServersDieAndComeBack() throws Exception {
    try (var day = new DirectorsDay(TableDiary.of(Writer.LVS4J))) {
      var site = day.site();
      var read =
          KeepalivedReader.builder()
              .build()
              .read("keepalived.conf", DirectorsDay.configuration(), site.workspace().path());
      assertThat(read.hasErrors()).as(read.diagnostics().toString()).isFalse();
      var director = new AtomicReference<Director>();
      try {
        day.pass(
            () -> director.set(start(site.director(), read.virtualServers())),
            (real, up, _) -> madeOf(director.get(), real, up));
      } finally {
        if (director.get() != null) {
          director.get().close();
        }
      }
    }
  }

  private static Director start(Host host, List<VirtualServer> virtualServers) {
    return KernelDirector.start(host, virtualServers.toArray(VirtualServer[]::new));
  }

  private static boolean madeOf(Director director, Host real, boolean up) {
    var addresses = List.of(real.ipv4(), real.ipv6());
    var checked =
        director.snapshot().virtualServers().stream()
            .flatMap(virtual -> virtual.realServers().stream())
            .filter(server -> addresses.contains(server.endpoint().address()))
            .map(RealServerSnapshot::up)
            .toList();
    assertThat(checked).as("real servers on " + real).isNotEmpty();
    return checked.stream().allMatch(found -> found == up);
  }
}
