package io.lvs4j.health.probe;

import io.lvs4j.api.GrpcHealth;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The gRPC health checking protocol: one call over a connection of HTTP/2. */
final class GrpcAttempt extends ChannelAttempt<SocketChannel> {
  private static final String PATH = "/grpc.health.v1.Health/Check";
  private static final String CONTENT_TYPE = "application/grpc";
  private static final String HTTP_2 = "h2";
  private static final String OK = "0";
  private static final String LAST = "end";
  private static final int LONGEST_ANSWER = 4096;

  private final GrpcHealth health;
  private final ByteBuf answer = Unpooled.buffer(64, GrpcMessages.HEADER + LONGEST_ANSWER);
  private boolean handshaking;
  private boolean headersSeen;
  private @Nullable ChannelHandlerContext codec;

  GrpcAttempt(Assignment assignment, GrpcHealth health) {
    super(assignment, health + " at " + assignment.at());
    this.health = health;
  }

  @Override
  SocketChannel open() {
    return loop.newChannel();
  }

  @Override
  void configure(SocketChannel channel) {
    // What a server sends before TLS is set up is for TLS to read.
    channel.config().setAutoRead(health.tls().isEmpty());
    channel.pipeline().addLast(LAST, new End());
  }

  @Override
  void connected(SocketChannel channel) {
    if (health.tls().isEmpty()) {
      call(channel);
      return;
    }
    handshaking = true;
    new TlsHandshake(this, health.tls().get(), health.authority())
        .over(HTTP_2)
        .begin(
            channel,
            () -> {
              handshaking = false;
              awaitNext();
              call(channel);
            });
  }

  private void call(SocketChannel channel) {
    var http2 = Http2FrameCodecBuilder.forClient().gracefulShutdownTimeoutMillis(0).build();
    var call = new Call();
    channel.pipeline().addBefore(LAST, null, http2).addBefore(LAST, null, call);
    codec = channel.pipeline().context(http2);
    var headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme(health.tls().isPresent() ? "https" : "http")
            .path(PATH)
            .authority(health.authority().orElseGet(() -> Wording.hostHeader(at)))
            .add("te", "trailers")
            .add("content-type", CONTENT_TYPE)
            .add("user-agent", "lvs4j")
            .add("grpc-timeout", check.connectTimeout().toMillis() + "m");
    send(channel, call.newStream(), headers);
  }

  private void send(SocketChannel channel, Http2FrameStream stream, Http2Headers headers) {
    var first = channel.write(new DefaultHttp2HeadersFrame(headers, false).stream(stream));
    first.addListener(_ -> {
      if (first.cause() != null) {
        notSent(first.cause());
      }
    });
    var request = GrpcMessages.request(health.service());
    var second = channel.writeAndFlush(new DefaultHttp2DataFrame(request, true).stream(stream));
    second.addListener(_ -> {
      if (second.cause() != null) {
        notSent(second.cause());
      }
    });
  }

  /**
   * Goes past the codec, which would say goodbye and close by a timer later on: a loop that ends
   * before that would keep what the codec has read.
   */
  @Override
  void close(SocketChannel channel) {
    if (codec == null) {
      super.close(channel);
    } else {
      var _ = codec.close();
    }
  }

  @Override
  void answerTimedOut() {
    if (handshaking) {
      failUnlessStalled("no TLS handshake", "one within " + timeout());
    } else {
      failUnlessStalled(
          (headersSeen ? "no complete answer" : "no answer") + afterAll(), expected());
    }
  }

  private void received(Http2Frame frame) {
    switch (frame) {
      case Http2HeadersFrame headers -> {
        awaitNext();
        headers(headers);
      }
      case Http2DataFrame data -> {
        awaitNext();
        data(data);
      }
      case Http2ResetFrame reset -> fail("stream reset, " + error(reset.errorCode()), expected());
      case Http2GoAwayFrame away when away.errorCode() != Http2Error.NO_ERROR.code() ->
          fail("connection ended, " + error(away.errorCode()), expected());
      // Settings, window updates and pings are the codec's affair.
      default -> {}
    }
  }

  private static String error(long code) {
    var error = Http2Error.valueOf(code);
    return error == null ? "error " + code : error.name();
  }

  private void headers(Http2HeadersFrame frame) {
    var headers = frame.headers();
    if (!headersSeen) {
      headersSeen = true;
      if (!"200".contentEquals(headers.status() == null ? "" : headers.status())) {
        fail("HTTP status " + Wording.quoted(String.valueOf(headers.status())), "200");
        return;
      }
      var type = headers.get("content-type");
      if (type == null || !type.toString().startsWith(CONTENT_TYPE)) {
        fail("content type " + Wording.quoted(String.valueOf(type)), CONTENT_TYPE);
        return;
      }
    }
    if (frame.isEndStream()) {
      trailers(headers.get("grpc-status"), headers.get("grpc-message"));
    }
  }

  private void data(Http2DataFrame frame) {
    if (frame.content().readableBytes() > answer.maxWritableBytes()) {
      fail("an answer of more than " + LONGEST_ANSWER + " bytes", "SERVING");
      return;
    }
    answer.writeBytes(frame.content());
    if (frame.isEndStream()) {
      fail("no grpc-status", "OK");
    }
  }

  private void trailers(@Nullable CharSequence status, @Nullable CharSequence message) {
    if (status == null) {
      fail("no grpc-status", "OK");
    } else if (!OK.contentEquals(status)) {
      var remark = Optional.ofNullable(message).map(text -> " " + Wording.quoted(text.toString()));
      fail(GrpcStatus.words(status) + remark.orElse(""), "SERVING");
    } else {
      judge();
    }
  }

  private void judge() {
    if (answer.readableBytes() < GrpcMessages.HEADER
        || answer.readByte() != 0
        || answer.readInt() != answer.readableBytes()) {
      fail("no message that can be read", "SERVING");
      return;
    }
    var status = GrpcMessages.status(answer);
    if (status.isEmpty()) {
      fail("no HealthCheckResponse", "SERVING");
    } else if (status.getAsInt() == 1) {
      pass("SERVING");
    } else {
      fail(GrpcMessages.words(status.getAsInt()), "SERVING");
    }
  }

  private void broken(Throwable cause) {
    if (handshaking) {
      // A handshake tells by itself how it ended.
      return;
    }
    if (isOwnFault(cause)) {
      return;
    }
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof Http2Exception wrong) {
        fail("not HTTP/2: " + Wording.quoted(Wording.message(wrong)), expected());
        return;
      }
    }
    failUnlessStalled(Wording.readFailure(cause), expected());
  }

  private String expected() {
    return "SERVING within " + timeout();
  }

  /** The one call on the connection. */
  private final class Call extends Http2ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof Http2Frame frame && !hasEnded()) {
          received(frame);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }
  }

  /** Sees how the connection ends, during the handshake too. */
  private final class End extends ChannelInboundHandlerAdapter {
    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!handshaking) {
        failUnlessStalled(
            headersSeen
                ? "closed in the middle of the answer"
                : "closed before an answer" + perhapsProxy(),
            expected());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause);
    }
  }
}
