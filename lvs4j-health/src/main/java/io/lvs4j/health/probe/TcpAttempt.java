package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.health.verdict.Outcome;
import io.netty.channel.socket.SocketChannel;
import java.util.function.Consumer;

/** keepalived's TCP_CHECK: the connection is all that is asked for; it is closed as usual. */
final class TcpAttempt extends Attempt {
  TcpAttempt(ProbeLoop loop, HealthCheck check, Endpoint at, Consumer<Outcome> done) {
    super(loop, check, at, check.probe().name() + " " + at, done);
  }

  @Override
  void configure(SocketChannel channel) {
    channel.config().setAutoRead(false);
  }

  @Override
  void connected(SocketChannel channel) {
    end(success("connected"));
  }

  @Override
  void answerTimedOut() {
    throw new IllegalStateException("a TCP_CHECK waits for no answer");
  }
}
