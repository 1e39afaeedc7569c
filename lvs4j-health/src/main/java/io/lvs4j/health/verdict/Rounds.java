package io.lvs4j.health.verdict;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import java.time.Duration;

/**
 * How the attempts of a checker make up rounds. Most checkers ask one thing, and each attempt is a
 * round. HTTP_GET and SSL_GET ask for several URLs, one at a time (check_http.c, epilog).
 *
 * @param steps of how many attempts a round is made up
 * @param recoversByRound whether a step that had failed and passes again must be followed by a
 *     whole round before the server is up
 * @param fastRecovery whether the steps of a first round, or of one that is to show a recovery,
 *     follow each other at once
 */
record Rounds(int steps, boolean recoversByRound, boolean fastRecovery) {
  private static final Rounds SINGLE = new Rounds(1, false, false);

  static Rounds of(HealthCheck check) {
    return check.probe() instanceof HttpGet get
        ? new Rounds(get.urls().size(), true, get.isFastRecovery())
        : SINGLE;
  }

  /** Returns how long to wait after a step that passed. */
  Duration afterPass(HealthCheck check, boolean settled) {
    return fastRecovery && !settled ? Duration.ZERO : check.delayLoop();
  }

  /** Returns how long to wait after a failure while the server is down. */
  Duration afterFailure(HealthCheck check) {
    var loop = check.delayLoop();
    var retry = check.delayBeforeRetry();
    return recoversByRound && retry.compareTo(loop) > 0 ? retry : loop;
  }
}
