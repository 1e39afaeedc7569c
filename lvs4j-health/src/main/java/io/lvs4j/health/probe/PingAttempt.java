package io.lvs4j.health.probe;

import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.host.EchoRequest;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** keepalived's PING_CHECK: an ICMP echo request and its reply. */
final class PingAttempt extends Attempt {
  private final IcmpEcho echo;
  private @Nullable CompletableFuture<Duration> reply;

  PingAttempt(Assignment assignment, IcmpEcho echo) {
    super(assignment, echo.name() + " " + Wording.address(assignment.at()));
    this.echo = echo;
  }

  @Override
  void begin() {
    awaitNext();
    var request =
        new EchoRequest(
            at.address(),
            echo.size(),
            check.bindAddress(),
            check.bindInterface(),
            check.firewallMark());
    var sent = loop.echoes().channel().echo(request);
    reply = sent;
    var _ = sent.whenComplete((time, failure) -> loop.execute(() -> ended(failure)));
  }

  private void ended(@Nullable Throwable failure) {
    if (hasEnded()) {
      return;
    }
    if (failure == null) {
      pass("reply");
    } else if (failure instanceof NoRouteToHostException) {
      fail("no route to host", expected());
    } else {
      inconclusive("no request sent: " + Wording.message(failure));
    }
  }

  @Override
  void timedOut() {
    failUnlessStalled("no reply", expected());
  }

  private String expected() {
    return "an echo reply within " + timeout();
  }

  @Override
  void release() {
    if (reply != null) {
      reply.cancel(false);
    }
  }
}
