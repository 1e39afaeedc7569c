package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.CheckedServer.INTERVAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.ipvs.CheckedBackend.Mood;
import io.lvs4j.lab.ipvs.PoolWatch.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What keepalived and lvs4j decide of one real server whose mood changes: the same, and within one
 * interval of each other.
 *
 * <p>Each looks once an interval, so whatever happens between the looks of both is seen by one of
 * them right away and by the other nearly an interval later. A test that allows no more than an
 * interval has to choose its moments: in the middle of the longer time in which nobody looks.
 */
final class Decisions {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CheckedServer server;
  private final SideBySide both;
  private final Standstill standstill;

  Decisions(CheckedServer server, SideBySide both, Standstill standstill) {
    this.server = server;
    this.both = both;
    this.standstill = standstill;
  }

  /** When each of them has last decided, which is when it last looked. */
  private record Looks(Instant keepalived, Instant lvs4j) {
    Instant earlier() {
      return keepalived.isBefore(lvs4j) ? keepalived : lvs4j;
    }

    /** Returns the middle of the longer time between their looks, not before now. */
    Instant quietMoment() {
      long lvs4jLater =
          Math.floorMod(Duration.between(keepalived, lvs4j).toMillis(), INTERVAL.toMillis());
      boolean lvs4jFollows = lvs4jLater <= INTERVAL.toMillis() / 2;
      var begin = lvs4jFollows ? lvs4j : keepalived;
      long quiet = lvs4jFollows ? INTERVAL.toMillis() - lvs4jLater : lvs4jLater;
      var moment = begin.plusMillis(quiet / 2);
      while (moment.isBefore(Instant.now())) {
        moment = moment.plus(INTERVAL);
      }
      return moment;
    }
  }

  /** Goes through these moods, one after another, beginning with a server that is well. */
  void through(Mood... moods) {
    // One of them has been started first.
    var looks = decide("at the start", server.weight(Mood.WELL));
    var last = Mood.WELL;
    for (var mood : moods) {
      if (!server.weight(mood).equals(server.weight(last))) {
        var begin = looks.earlier();
        var moment = looks.quietMoment();
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> !Instant.now().isBefore(moment));
        server.backend().be(mood);
        looks = decide(mood + " after " + last, server.weight(mood));
        assertThat(Duration.between(looks.keepalived(), looks.lvs4j()).abs())
            .as("%s of %s: %s", mood, server.checker(), looks)
            .isLessThan(bound(begin));
        last = mood;
      }
    }
  }

  /** An interval; a guest that had no processor says nothing of when, only of what was decided. */
  private Duration bound(Instant begin) {
    if (standstill.since(begin)) {
      System.out.println("checkers: the guest stood still while " + server.checker() + " was seen");
      return PATIENCE;
    }
    return INTERVAL;
  }

  private Looks decide(String phase, String weight) {
    var service = server.service();
    await(server.checker() + " " + phase)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(both.keepalived().now()).as("keepalived").containsEntry(service, weight);
          assertThat(both.lvs4j().now()).as("lvs4j").containsEntry(service, weight);
        });
    var theirs = decisions(both.keepalived().take(service));
    var ours = decisions(both.lvs4j().take(service));
    System.out.println("checkers: " + server.checker() + ", " + phase + ": " + theirs + " " + ours);
    assertThat(theirs).as("keepalived: %s of %s", phase, server.checker()).hasSize(1);
    assertThat(ours).as("lvs4j: %s of %s", phase, server.checker()).hasSize(1);
    return new Looks(theirs.getFirst().at(), ours.getFirst().at());
  }

  /** A virtual server without a real server is what each begins with. */
  private static List<Change> decisions(List<Change> changes) {
    return changes.stream().filter(change -> !change.isFirst()).toList();
  }
}
