package io.lvs4j.health.probe;

import io.lvs4j.api.SmtpHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.smtp.DefaultSmtpResponse;
import io.netty.handler.codec.smtp.SmtpRequest;
import io.netty.handler.codec.smtp.SmtpRequestEncoder;
import io.netty.handler.codec.smtp.SmtpRequests;
import io.netty.handler.codec.smtp.SmtpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** keepalived's SMTP_CHECK: greeting, HELO, QUIT, each with its reply. */
final class SmtpAttempt extends ChannelAttempt<SocketChannel> {
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_QUOTED = 48;

  private static final String FOUND = "greeted with 220, HELO with 250";

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
        .addLast(new FirstByte(), new ReplyDecoder(), new SmtpRequestEncoder(), new Replies());
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
      case QUIT -> pass(FOUND);
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
          notSent(write.cause());
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
    if (isOwnFault(cause)) {
      return;
    }
    if (step == Step.QUIT && !(cause instanceof DecoderException)) {
      pass(FOUND);
    } else if (cause instanceof DecoderException) {
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

  /**
   * Makes replies of lines. netty's own decoder takes no code that stands alone, which RFC 5321
   * (4.2) has clients accept.
   */
  private static final class ReplyDecoder extends LineBasedFrameDecoder {
    private static final int CODE = 3;

    private final List<CharSequence> details = new ArrayList<>();

    ReplyDecoder() {
      super(LONGEST_LINE);
    }

    @Override
    protected @Nullable Object decode(ChannelHandlerContext context, ByteBuf buffer)
        throws Exception {
      var frame = (ByteBuf) super.decode(context, buffer);
      if (frame == null) {
        return null;
      }
      try {
        var line = frame.toString(StandardCharsets.US_ASCII).stripTrailing();
        if (!line.matches("[2-5][0-9][0-9]([ -].*)?")) {
          throw new DecoderException("reply " + Wording.quoted(line));
        }
        if (line.length() > CODE + 1) {
          details.add(line.substring(CODE + 1));
        }
        if (line.length() > CODE && line.charAt(CODE) == '-') {
          return null;
        }
        var reply =
            new DefaultSmtpResponse(
                Integer.parseInt(line.substring(0, CODE)), details.toArray(CharSequence[]::new));
        details.clear();
        return reply;
      } finally {
        frame.release();
      }
    }
  }

  private final class Replies extends SimpleChannelInboundHandler<SmtpResponse> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, SmtpResponse reply) {
      replied(reply);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (step == Step.QUIT) {
        // It has answered twice; some hang up without a word then.
        pass(FOUND);
      } else {
        failUnlessStalled("closed" + (step == Step.GREETING ? perhapsProxy() : ""), expected());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause);
    }
  }
}
