package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.health.verdict.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * keepalived's HTTP_GET: an HTTP/1.0 request, judged by the status of its answer. No redirect is
 * followed.
 *
 * <p>The body is read and thrown away: to its end, so that the server is not cut off in the middle
 * of its answer every few seconds and a server that hangs after its headers is found out, but not
 * beyond 64 KiB. A connection that is closed before the body is complete is no failure, as in
 * keepalived; one that is reset is.
 */
final class HttpAttempt extends Attempt {
  private static final int LONGEST_STATUS_LINE = 4096;
  private static final int LONGEST_HEADERS = 8192;
  private static final int MOST_OF_BODY = 65_536;
  private static final int READ_AT_ONCE = 4096;
  private static final byte[] HTTP = "HTTP/".getBytes(US_ASCII);

  private final HttpGet get;
  private final Endpoint at;
  private final String expectedStatus;

  /** The first bytes of the answer, to quote when it is not HTTP. */
  private final byte[] firstBytes = new byte[48];

  private int firstBytesCount;
  private long bodyBytes;
  private @Nullable Outcome verdict;

  HttpAttempt(ProbeLoop loop, HealthCheck check, HttpGet get, Endpoint at, Consumer<Outcome> done) {
    super(loop, check, at, get.name() + " " + get.path() + " at " + at, done);
    this.get = get;
    this.at = at;
    this.expectedStatus = Wording.statuses(get.statuses());
  }

  @Override
  void configure(SocketChannel channel) {
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_AT_ONCE));
    var limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_STATUS_LINE)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setMaxChunkSize(READ_AT_ONCE)
            // Only the status is of interest: a header of odd letters makes no server ill.
            .setValidateHeaders(false);
    channel
        .pipeline()
        .addLast(new FirstBytes(), new HttpClientCodec(limits, false, false), new Answer());
  }

  @Override
  void connected(SocketChannel channel) {
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_0, HttpMethod.GET, get.path(), Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set("Host", get.virtualHost().orElseGet(() -> Wording.hostHeader(at)))
        .set("User-Agent", "lvs4j")
        .set("Connection", "close");
    var write = channel.writeAndFlush(request);
    write.addListener(_ -> {
      if (write.cause() != null) {
        broken(write.cause());
      }
    });
  }

  @Override
  void answerTimedOut() {
    if (verdict instanceof Outcome.Failure) {
      end(verdict);
    } else {
      brokenOff("no answer", "no complete answer" + afterAll());
    }
  }

  private void received(HttpObject part) {
    if (part.decoderResult().isFailure()) {
      unreadable(part.decoderResult().cause());
      return;
    }
    if (part instanceof HttpResponse response && verdict == null) {
      judge(response.status().code());
    }
    if (part instanceof HttpContent content) {
      bodyBytes += content.content().readableBytes();
      if (verdict != null && (part instanceof LastHttpContent || bodyBytes >= MOST_OF_BODY)) {
        end(verdict);
      }
    }
  }

  private void judge(int status) {
    // Kept until the body has been read.
    verdict =
        get.statuses().contains(status)
            ? success("status " + status)
            : failure("status " + status + " (expected " + expectedStatus + ")");
  }

  private void unreadable(Throwable cause) {
    if (verdict != null) {
      end(verdict);
    } else if (cause instanceof PrematureChannelClosureException) {
      closed();
    } else if (beginsAsHttp() && cause instanceof TooLongHttpLineException) {
      fail("status line longer than " + LONGEST_STATUS_LINE + " bytes", expectedAnswer());
    } else if (cause instanceof TooLongHttpHeaderException) {
      fail("headers longer than " + LONGEST_HEADERS + " bytes", expectedAnswer());
    } else {
      fail(notHttp(), expectedAnswer());
    }
  }

  private void closed() {
    if (verdict != null) {
      end(verdict);
    } else {
      brokenOff("closed before an answer", "closed in the middle of the answer");
    }
  }

  private void broken(Throwable cause) {
    if (verdict instanceof Outcome.Failure) {
      end(verdict);
    } else {
      var what = Wording.readFailure(cause);
      brokenOff(what + " before an answer", what + " in the middle of the answer");
    }
  }

  private void brokenOff(String beforeAnswer, String inAnswer) {
    if (firstBytesCount == 0) {
      failUnlessStalled(beforeAnswer, expectedAnswer());
    } else if (!beginsAsHttp()) {
      fail(notHttp(), expectedAnswer());
    } else {
      failUnlessStalled(inAnswer, expectedAnswer());
    }
  }

  private boolean beginsAsHttp() {
    for (int i = 0; i < Math.min(firstBytesCount, HTTP.length); i++) {
      if (firstBytes[i] != HTTP[i]) {
        return false;
      }
    }
    return true;
  }

  private String notHttp() {
    return "not HTTP: " + Wording.firstLine(firstBytes, firstBytesCount);
  }

  private String expectedAnswer() {
    return "status " + expectedStatus + " within " + timeout();
  }

  /** Sees the bytes before they are decoded: each read that brings some earns another timeout. */
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var bytes = (ByteBuf) message;
      int more = Math.min(bytes.readableBytes(), firstBytes.length - firstBytesCount);
      bytes.getBytes(bytes.readerIndex(), firstBytes, firstBytesCount, more);
      firstBytesCount += more;
      awaitNext();
      context.fireChannelRead(message);
    }
  }

  private final class Answer extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      received(part);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause);
    }
  }
}
