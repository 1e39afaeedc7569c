package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.health.verdict.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * keepalived's HTTP_GET and SSL_GET: one request, judged by the status of its answer and what else
 * the URL asks for. No redirect is followed; interim answers (100, 103) are read past. A server may
 * answer before it has read the request.
 *
 * <p>A body that nothing is expected of is read and thrown away: to its end, so that the server is
 * not cut off in the middle of its answer every few seconds and a server that hangs after its
 * headers is found out, but not beyond 64 KiB. A connection that is closed before the body is
 * complete is no failure by itself, as in keepalived; one that is reset is, if the answer said how
 * long it would be.
 */
final class HttpAttempt extends ChannelAttempt<SocketChannel> {
  private static final int LONGEST_STATUS_LINE = 4096;
  private static final int LONGEST_HEADERS = 8192;
  private static final int READ_AT_ONCE = 4096;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final byte[] HTTP = "HTTP/".getBytes(US_ASCII);

  private final HttpGet get;
  private final HttpUrl url;
  private final HttpBody body;
  private final String expectedStatus;

  /** The first bytes of the answer, to quote when it is not HTTP. */
  private final byte[] firstBytes = new byte[48];

  private int firstBytesCount;
  private boolean handshaking;
  private boolean searching;

  /** Whether what is being read is an answer that another one follows. */
  private boolean interim;

  private int lastInterim;

  /** Whether the end of the connection is all that says where the answer ends. */
  private boolean isUntilClosed;

  /** Whether the server has answered, or gone, before it can have read the request. */
  private boolean early;

  private @Nullable Outcome verdict;

  HttpAttempt(Assignment assignment, HttpGet get, HttpUrl url) {
    super(assignment, get.name() + " " + url.path() + " at " + assignment.at());
    this.get = get;
    this.url = url;
    this.body = new HttpBody(url);
    this.expectedStatus = Wording.statuses(url.statuses());
  }

  @Override
  SocketChannel open() {
    return loop.newChannel();
  }

  @Override
  void configure(SocketChannel channel) {
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_AT_ONCE));
    // What a server sends before TLS is set up is for TLS to read.
    channel.config().setAutoRead(get.tls().isEmpty());
    var limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_STATUS_LINE)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setMaxChunkSize(READ_AT_ONCE)
            // Only the status is of interest: a header of odd letters makes no server ill, nor do
            // lines that end by a line feed alone (RFC 9112, 2.2).
            .setValidateHeaders(false)
            .setStrictLineParsing(false);
    channel
        .pipeline()
        .addLast(new FirstBytes(), new HttpClientCodec(limits, false, false), new Answer());
  }

  @Override
  void connected(SocketChannel channel) {
    if (get.tls().isEmpty()) {
      send(channel);
      return;
    }
    handshaking = true;
    new TlsHandshake(this, get.tls().get(), url.virtualHost())
        .begin(
            channel,
            () -> {
              handshaking = false;
              awaitNext();
              send(channel);
            });
  }

  private void send(SocketChannel channel) {
    var write = channel.writeAndFlush(HttpRequests.of(get, url, at));
    write.addListener(_ -> {
      if (write.cause() != null) {
        early = true;
        notSent(write.cause());
      }
    });
  }

  @Override
  void answerTimedOut() {
    if (handshaking) {
      failUnlessStalled("no TLS handshake", "one within " + timeout());
    } else if (searching) {
      fail("body not searched to its end", "a search within " + timeout());
    } else if (verdict instanceof Outcome.Failure) {
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
      int status = response.status().code();
      interim = isInterim(status);
      if (interim) {
        lastInterim = status;
      } else {
        judge(status);
        isUntilClosed =
            !HttpUtil.isTransferEncodingChunked(response) && !HttpUtil.isContentLengthSet(response);
      }
    }
    if (interim) {
      return;
    }
    if (part instanceof HttpContent content) {
      body.add(content.content());
      if (verdict != null && (part instanceof LastHttpContent || body.isEnough())) {
        conclude(verdict);
      }
    }
  }

  /**
   * Answers like 100 and 103 say that another one follows (RFC 9110, 15.2); 101 is the last one.
   */
  private boolean isInterim(int status) {
    return status >= 100
        && status < 200
        && status != SWITCHING_PROTOCOLS
        && !url.statuses().contains(status);
  }

  private void judge(int status) {
    // Kept until the body has been read.
    verdict =
        url.statuses().contains(status)
            ? success("status " + status + body.found())
            : unexpectedStatus(status);
  }

  private Outcome unexpectedStatus(int status) {
    return failure("status " + status + " (expected " + expectedStatus + ")");
  }

  /** Ends with this verdict on the status, unless the body has something against it. */
  private void conclude(Outcome status) {
    if (hasEnded() || searching) {
      return;
    }
    if (status instanceof Outcome.Failure) {
      end(status);
      return;
    }
    var wrong = body.wrongDigest();
    if (wrong.isPresent()) {
      end(failure(wrong.get()));
    } else if (body.isToBeSearched()) {
      searching = true;
      awaitNext();
      // Some regular expressions take ages, and nobody else should wait for them: no other check,
      // and no virtual thread of the application's.
      try {
        Thread.ofPlatform().daemon().name("lvs4j-health-search").start(() -> search(status));
      } catch (RuntimeException | Error noThread) {
        unexpected(noThread);
      }
    } else {
      end(status);
    }
  }

  private void search(Outcome status) {
    Optional<String> wrong;
    try {
      wrong = body.wrongText(this::hasEnded);
    } catch (IllegalStateException | StackOverflowError tooMuch) {
      wrong = Optional.of("body can't be searched: " + tooMuch);
    } catch (RuntimeException | Error failure) {
      loop.execute(() -> unexpected(failure));
      return;
    }
    var found = wrong.map(this::failure).orElse(status);
    loop.execute(() -> end(found));
  }

  private void unreadable(Throwable cause) {
    if (verdict != null) {
      conclude(verdict);
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
    if (handshaking) {
      return;
    }
    if (verdict != null) {
      conclude(verdict);
    } else {
      brokenOff("closed before an answer" + perhapsProxy(), "closed in the middle of the answer");
    }
  }

  private void broken(Throwable cause) {
    if (handshaking || searching) {
      // A handshake tells by itself how it ended; when the body is searched all has been read.
      return;
    }
    if (isOwnFault(cause)) {
      return;
    }
    if (verdict instanceof Outcome.Failure) {
      end(verdict);
    } else {
      var what = Wording.readFailure(cause);
      if (verdict != null && (early || isUntilClosed)) {
        // Who answers without having read the request resets the connection by closing it: such an
        // answer has ended where nothing says how long it should have been.
        conclude(verdict);
      } else {
        brokenOff(
            what + " before an answer" + perhapsProxy(), what + " in the middle of the answer");
      }
    }
  }

  private void brokenOff(String beforeAnswer, String inAnswer) {
    if (firstBytesCount == 0) {
      failUnlessStalled(beforeAnswer, expectedAnswer());
    } else if (!beginsAsHttp()) {
      fail(notHttp(), expectedAnswer());
    } else if (lastInterim != 0) {
      end(unexpectedStatus(lastInterim));
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
      if (!searching) {
        awaitNext();
      }
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
