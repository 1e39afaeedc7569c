package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lvs4j.api.AgentCheck;
import io.lvs4j.health.verdict.AgentState;
import io.lvs4j.health.verdict.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;

/**
 * HAProxy's agent-check: one line of text is read and taken for what it says. Whatever goes wrong
 * before says nothing of the real server.
 */
final class AgentAttempt extends ChannelAttempt<SocketChannel> {
  private static final int LONGEST_LINE = 1024;
  private static final String EXPECTED = "words like up, ready, drain, maint, down or 75%";

  private final AgentCheck agent;
  private final AtomicReference<AgentState> state;
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;

  /**
   * Prepares an attempt.
   *
   * @param state what the agent has said so far
   */
  AgentAttempt(Assignment assignment, AgentCheck agent, AtomicReference<AgentState> state) {
    super(assignment, agent.name() + " " + assignment.at());
    this.agent = agent;
    this.state = state;
  }

  @Override
  SocketChannel open() {
    return loop.newChannel();
  }

  @Override
  void configure(SocketChannel channel) {
    channel.pipeline().addLast(new Answer());
  }

  @Override
  void connected(SocketChannel channel) {
    agent
        .send()
        .ifPresent(text -> {
          var write = channel.writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII));
          write.addListener(_ -> {
            if (write.cause() != null) {
              notSent(write.cause());
            }
          });
        });
  }

  @Override
  void answerTimedOut() {
    failUnlessStalled("no line" + afterAll(), expected());
  }

  /** An agent that isn't heard is none: the service has a check of its own. */
  @Override
  Outcome judged(String text) {
    return unknown(text + "; what it said last holds: " + state.get().words());
  }

  private void received(ByteBuf bytes) {
    while (bytes.isReadable()) {
      byte octet = bytes.readByte();
      if (octet == '\n' || octet == '\r') {
        heard();
        return;
      }
      if (length == line.length) {
        fail("a line of more than " + LONGEST_LINE + " bytes", EXPECTED);
        return;
      }
      line[length++] = octet;
    }
    awaitNext();
  }

  private void heard() {
    var heard = state.get().after(new String(line, 0, length, US_ASCII));
    if (!heard.known()) {
      fail("line " + Wording.firstLine(line, length), EXPECTED);
      return;
    }
    state.set(heard.state());
    var found =
        heard.state().words()
            + (heard.unknown().isEmpty()
                ? ""
                : " (and something unknown: " + Wording.firstLine(line, length) + ")");
    if (heard.state().isUp()) {
      pass(found, heard.state().weight());
    } else {
      end(failure(found + " (expected: up, and not maint)"));
    }
  }

  private void closed() {
    if (length > 0) {
      heard();
    } else {
      failUnlessStalled("closed without a word" + perhapsProxy(), expected());
    }
  }

  private void broken(Throwable cause) {
    if (!hasEnded() && !isOwnFault(cause)) {
      failUnlessStalled(Wording.readFailure(cause), expected());
    }
  }

  private String expected() {
    return "a line within " + timeout();
  }

  private final class Answer extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      if (!hasEnded()) {
        received(bytes);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!hasEnded()) {
        closed();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause);
    }
  }
}
