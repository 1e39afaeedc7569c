package io.lvs4j.health.probe;

import io.lvs4j.api.UdpExchange;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * keepalived's UDP_CHECK: silence passes unless a reply is required. The bounds of a reply's length
 * hold whether or not its content is given, as keepalived's manual says and its code doesn't do.
 */
final class UdpAttempt extends DatagramAttempt {
  private static final int RANDOM_BYTES = 32;
  private static final int LONGEST = 65_535;
  private static final int QUOTED = 16;

  private final UdpExchange exchange;

  UdpAttempt(Assignment assignment, UdpExchange exchange) {
    super(assignment, exchange.name() + " " + assignment.at());
    this.exchange = exchange;
  }

  @Override
  void configure(DatagramChannel channel) {
    channel.config().setRecvByteBufAllocator(oneAtATime(LONGEST));
    channel.pipeline().addLast(new Replies());
  }

  @Override
  void connected(DatagramChannel channel) {
    var write = channel.writeAndFlush(Unpooled.wrappedBuffer(payload()));
    write.addListener(_ -> {
      if (write.cause() != null) {
        broken(write.cause(), expected());
      }
    });
  }

  private byte[] payload() {
    if (exchange.payload().isPresent()) {
      return HexFormat.of().parseHex(exchange.payload().get());
    }
    var random = new byte[RANDOM_BYTES];
    ThreadLocalRandom.current().nextBytes(random);
    return random;
  }

  @Override
  void answerTimedOut() {
    if (exchange.isReplyRequired()) {
      failUnlessStalled("no reply", expected());
    } else {
      pass("no error within " + timeout());
    }
  }

  private void replied(byte[] reply) {
    int least = exchange.leastReplyLength();
    int most = exchange.mostReplyLength();
    if (reply.length < least || reply.length > most) {
      fail(
          "a reply of " + reply.length + " bytes",
          least == most ? least + " bytes" : least + "-" + most + " bytes");
    } else if (exchange.reply().isPresent() && !matches(reply, exchange.reply().get())) {
      fail("reply " + quoted(reply), "a reply that begins with " + exchange.reply().get());
    } else {
      pass("a reply of " + reply.length + " bytes");
    }
  }

  /** Compares as far as both go. */
  static boolean matches(byte[] reply, String pattern) {
    var digits = HexFormat.of().formatHex(reply);
    int length = Math.min(digits.length(), pattern.length());
    for (int i = 0; i < length; i++) {
      if (pattern.charAt(i) != 'x' && pattern.charAt(i) != digits.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String quoted(byte[] reply) {
    int shown = Math.min(reply.length, QUOTED);
    return ByteBufUtil.hexDump(reply, 0, shown) + (shown < reply.length ? "..." : "");
  }

  private String expected() {
    return exchange.isReplyRequired()
        ? "a reply within " + timeout()
        : "no refusal within " + timeout();
  }

  private final class Replies extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      replied(ByteBufUtil.getBytes(packet.content()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause, expected());
    }
  }
}
