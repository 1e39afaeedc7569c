package io.lvs4j.health.probe;

import io.netty.channel.socket.SocketChannel;

/** keepalived's TCP_CHECK: the connection is all that is asked for; it is closed as usual. */
final class TcpAttempt extends ChannelAttempt<SocketChannel> {
  TcpAttempt(Assignment assignment) {
    super(assignment, assignment.check().probe().name() + " " + assignment.at());
  }

  @Override
  SocketChannel open() {
    return loop.newChannel();
  }

  @Override
  void configure(SocketChannel channel) {
    channel.config().setAutoRead(false);
  }

  @Override
  void connected(SocketChannel channel) {
    pass("connected");
  }

  @Override
  void answerTimedOut() {
    throw new IllegalStateException("a TCP_CHECK waits for no answer");
  }
}
