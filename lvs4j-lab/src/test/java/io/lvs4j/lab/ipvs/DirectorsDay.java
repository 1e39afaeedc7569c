package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.lab.kernel.TableDiary;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Responder;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a director and its real servers live through, the same in each kernel: the real servers die
 * one after another, and come back in another order. The table is written down at each hour.
 */
final class DirectorsDay implements AutoCloseable {
  /** What a decision takes to arrive in the table, which none but the director's follow. */
  private static final Duration TO_ARRIVE = Duration.ofMillis(500);

  /** How a director's decisions can be known. */
  interface Decisions {
    /** Says whether all checkers of a real server have found it up, or down, so many times. */
    boolean madeOf(Host real, boolean up, int times);
  }

  private final LvsSite site = LvsSite.of(1, 3);
  private final TableDiary diary;
  private final Map<Host, Responder> serving = new HashMap<>();

  DirectorsDay(TableDiary diary) {
    this.diary = diary;
    site.reals().forEach(this::revive);
  }

  LvsSite site() {
    return site;
  }

  /** Returns the keepalived.conf that every director of this day is given. */
  static String configuration() throws IOException {
    try (var file = DirectorsDay.class.getResourceAsStream("keepalived.conf")) {
      assertThat(file).isNotNull();
      return new String(file.readAllBytes(), UTF_8);
    }
  }

  /** Lets the day pass for a director, which {@code start} starts on the director's host. */
  void pass(Runnable start, Decisions decisions) {
    hour(
        "all alive",
        start,
        () -> site.reals().stream().allMatch(real -> decisions.madeOf(real, true, 1)));
    for (Host real : site.reals()) {
      hour("without " + real.name(), () -> kill(real), () -> decisions.madeOf(real, false, 1));
    }
    for (Host real : List.of(site.real(2), site.real(1), site.real(3))) {
      hour(real.name() + " is back", () -> revive(real), () -> decisions.madeOf(real, true, 2));
    }
  }

  private void hour(String name, Runnable change, TableOf.Condition decided) {
    write(name, TableOf.settled(site.director(), TO_ARRIVE, change, decided));
  }

  private void write(String hour, TableOf table) {
    System.out.println(hour + ":\n" + table);
    diary.write(
        hour,
        Map.of(
            "ipvsadm-save -n",
            table.saved(),
            "thresholds (ipvsadm -L -n --thresholds)",
            table.thresholds(),
            "order of real servers",
            table.order()));
  }

  private void revive(Host real) {
    serving.put(real, site.serve(real, PORT));
  }

  private void kill(Host real) {
    var responder = serving.remove(real);
    assertThat(responder).as("running: " + real).isNotNull();
    responder.close();
  }

  @Override
  public void close() {
    site.close();
  }
}
