package io.lvs4j.health.probe;

import io.lvs4j.api.DnsQuery;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.util.concurrent.ThreadLocalRandom;

/** keepalived's DNS_CHECK: an answer to this question, without an error code. */
final class DnsAttempt extends DatagramAttempt {
  // More than an answer without extensions may have (RFC 1035, 4.2.1: 512 bytes).
  private static final int LONGEST_ANSWER = 4096;

  private static final int IDS = 65_536;

  private final DnsQuery query;
  private final int id = ThreadLocalRandom.current().nextInt(IDS);

  DnsAttempt(Assignment assignment, DnsQuery query) {
    super(assignment, query + " at " + assignment.at());
    this.query = query;
  }

  @Override
  void configure(DatagramChannel channel) {
    channel.config().setRecvByteBufAllocator(oneAtATime(LONGEST_ANSWER));
    channel
        .pipeline()
        .addLast(new DatagramDnsQueryEncoder(), new DatagramDnsResponseDecoder(), new Responses());
  }

  @Override
  void connected(DatagramChannel channel) {
    var question =
        new DatagramDnsQuery(channel.localAddress(), at.toSocketAddress(), id)
            .setRecursionDesired(true)
            .addRecord(
                DnsSection.QUESTION,
                new DefaultDnsQuestion(query.domain(), DnsRecordType.valueOf(query.type().name())));
    var write = channel.writeAndFlush(question);
    write.addListener(_ -> {
      if (write.cause() != null) {
        broken(write.cause(), expected());
      }
    });
  }

  @Override
  void answerTimedOut() {
    failUnlessStalled("no answer", expected());
  }

  private void answered(DatagramDnsResponse response) {
    if (response.id() != id) {
      return;
    }
    var code = response.code();
    if (code.equals(DnsResponseCode.NOERROR)) {
      pass("NOERROR");
    } else {
      fail(code.toString(), "NOERROR");
    }
  }

  private String expected() {
    return "an answer within " + timeout();
  }

  private final class Responses extends SimpleChannelInboundHandler<DatagramDnsResponse> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramDnsResponse response) {
      answered(response);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof DecoderException) {
        fail("not an answer in DNS: " + Wording.message(cause), expected());
      } else {
        broken(cause, expected());
      }
    }
  }
}
