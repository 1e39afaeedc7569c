package io.lvs4j.health.probe;

import io.lvs4j.api.SmtpHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.smtp.SmtpRequest;
import io.netty.handler.codec.smtp.SmtpRequestEncoder;
import io.netty.handler.codec.smtp.SmtpRequests;
import io.netty.handler.codec.smtp.SmtpResponse;
import io.netty.handler.codec.smtp.SmtpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** keepalived's SMTP_CHECK: greeting, HELO, QUIT, each with its reply. */
final class SmtpAttempt extends ChannelAttempt<SocketChannel> {
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_QUOTED = 48;

  private enum Step {
    GREETING("220 in the greeting"),
    HELO("250 after HELO"),
    QUIT("a reply after QUIT");

    private final String expected;

    Step(String expected) {
      this.expected = expected;
    }
  }

  private final SmtpHello hello;
  private Step step = Step.GREETING;
  private @Nullable SocketChannel connection;

  SmtpAttempt(Assignment assignment, SmtpHello hello) {
    super(assignment, hello.name() + " " + assignment.at());
    this.hello = hello;
  }

  @Override
  SocketChannel open() {
    return loop.newChannel();
  }

  @Override
  void configure(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(
            new FirstByte(),
            new SmtpResponseDecoder(LONGEST_LINE),
            new SmtpRequestEncoder(),
            new Replies());
  }

  @Override
  void connected(SocketChannel channel) {
    connection = channel;
  }

  @Override
  void answerTimedOut() {
    failUnlessStalled("no reply", expected());
  }

  private void replied(SmtpResponse reply) {
    awaitNext();
    switch (step) {
      case GREETING -> {
        if (isExpected(reply, 220)) {
          ask(Step.HELO, SmtpRequests.helo(hello.heloName()));
        }
      }
      case HELO -> {
        if (isExpected(reply, 250)) {
          ask(Step.QUIT, SmtpRequests.quit());
        }
      }
      case QUIT -> pass("greeted with 220, HELO with 250");
    }
  }

  private boolean isExpected(SmtpResponse reply, int code) {
    if (reply.code() != code) {
      fail("reply " + quoted(reply), expected());
    }
    return reply.code() == code;
  }

  private void ask(Step next, SmtpRequest request) {
    step = next;
    if (connection != null) {
      var write = connection.writeAndFlush(request);
      write.addListener(_ -> {
        if (write.cause() != null) {
          broken(write.cause());
        }
      });
    }
  }

  private static String quoted(SmtpResponse reply) {
    var details = reply.details();
    var text = reply.code() + (details.isEmpty() ? "" : " " + details.getFirst());
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return Wording.firstLine(
        Arrays.copyOf(bytes, MOST_QUOTED), Math.min(bytes.length, MOST_QUOTED));
  }

  private void broken(Throwable cause) {
    if (cause instanceof DecoderException) {
      fail("not SMTP: " + Wording.message(cause), expected());
    } else {
      failUnlessStalled(Wording.readFailure(cause), expected());
    }
  }

  private String expected() {
    return step.expected + " within " + timeout();
  }

  /** Looks at how a server begins: netty's decoder takes any four bytes for a code. */
  private final class FirstByte extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var bytes = (ByteBuf) message;
      byte first = bytes.getByte(bytes.readerIndex());
      if (first >= '0' && first <= '9') {
        context.pipeline().remove(this);
        context.fireChannelRead(message);
        return;
      }
      var begin = new byte[MOST_QUOTED];
      int length = Math.min(begin.length, bytes.readableBytes());
      bytes.readBytes(begin, 0, length);
      bytes.release();
      fail("not SMTP: " + Wording.firstLine(begin, length), expected());
    }
  }

  private final class Replies extends SimpleChannelInboundHandler<SmtpResponse> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, SmtpResponse reply) {
      replied(reply);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      failUnlessStalled("closed", expected());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause);
    }
  }
}
