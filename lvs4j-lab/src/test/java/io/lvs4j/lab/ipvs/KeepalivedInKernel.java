package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedReader;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.peer.Keepalived;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Two directors are given the same keepalived.conf, each with a table of its own as namespaces
 * have: they keep the same, while real servers die and come back.
 */
@Order(3)
class KeepalivedInKernel {
  /** Longer than a round of health checks: whoever has seen a change will see the whole of it. */
  private static final Duration A_ROUND = Duration.ofMillis(1300);

  private final LvsSite site = LvsSite.of(2, 3);
  private final Map<Host, Responder> serving = new HashMap<>();
  private Optional<Director> director = Optional.empty();

  @BeforeEach
  void serve() {
    site.reals().forEach(this::revive);
  }

  @AfterEach
  void close() {
    director.ifPresent(Director::close);
    site.close();
  }

  private void revive(Host real) {
    serving.put(real, site.serve(real, PORT));
  }

  private void kill(Host real) {
    var responder = serving.remove(real);
    assertThat(responder).as("running: " + real).isNotNull();
    responder.close();
  }

  @Test
  void theTablesAreTheSameWhileRealServersDieAndComeBack() {
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
    compare("all alive", this::startBoth);
    for (Host real : site.reals()) {
      compare("without " + real.name(), () -> kill(real));
    }
    for (Host real : List.of(site.real(2), site.real(1), site.real(3))) {
      compare(real.name() + " is back", () -> revive(real));
    }
  }

  private void startBoth() {
    try {
      keepalived(site.director(1));
      director = Optional.of(lvs4j(site.director(2)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void compare(String when, Runnable change) {
    var tables = TableOf.settled(A_ROUND, change, site.director(1), site.director(2));
    System.out.println(when + ":\n" + tables.get(0));
    assertThat(tables.get(1)).as(when).isEqualTo(tables.get(0));
  }

  private void keepalived(Host director) throws IOException {
    director.start(
        site.workspace(),
        Keepalived.find().orElseThrow().command(site.workspace(), configuration()));
  }

  private Director lvs4j(Host host) throws IOException {
    var read =
        KeepalivedReader.builder()
            .build()
            .read("keepalived.conf", configuration(), site.workspace().path());
    assertThat(read.hasErrors()).as(read.diagnostics().toString()).isFalse();
    return KernelDirector.start(host, read.virtualServers().toArray(VirtualServer[]::new));
  }

  private static String configuration() throws IOException {
    try (var file = KeepalivedInKernel.class.getResourceAsStream("keepalived.conf")) {
      assertThat(file).isNotNull();
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
