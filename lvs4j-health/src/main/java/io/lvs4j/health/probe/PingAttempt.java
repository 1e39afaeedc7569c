package io.lvs4j.health.probe;

import java.io.IOException;
import java.net.NetworkInterface;
import java.util.concurrent.atomic.AtomicBoolean;

/** keepalived's PING_CHECK, by what the JDK has for it. */
final class PingAttempt extends CallAttempt {
  PingAttempt(Assignment assignment, AtomicBoolean slot) {
    super(
        assignment,
        assignment.check().probe().name() + " " + Wording.address(assignment.at()),
        slot);
  }

  @Override
  boolean isTimed() {
    return false;
  }

  @Override
  Runnable call() {
    int millis = (int) Math.max(1, check.connectTimeout().toMillis());
    try {
      boolean answered =
          check.bindInterface().isPresent()
              ? at.address()
                  .isReachable(NetworkInterface.getByName(check.bindInterface().get()), 0, millis)
              : at.address().isReachable(millis);
      return answered
          ? () -> pass("reachable")
          : () ->
              fail(
                  "no reply",
                  "an echo reply within "
                      + timeout()
                      + ", or without CAP_NET_RAW any answer of TCP port 7");
    } catch (IOException refused) {
      return () -> fail(Wording.connectFailure(refused), "an echo reply within " + timeout());
    }
  }

  @Override
  void timedOut() {
    throw new IllegalStateException("the JDK ends its own wait");
  }

  @Override
  void stillUnderWay() {
    inconclusive("the last request still waits");
  }
}
