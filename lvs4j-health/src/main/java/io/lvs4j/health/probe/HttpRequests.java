package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.HttpProtocol;
import io.lvs4j.api.HttpUrl;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** The requests of HTTP_GET and SSL_GET. */
final class HttpRequests {
  private HttpRequests() {}

  static FullHttpRequest of(HttpGet get, HttpUrl url, Endpoint at) {
    var version =
        get.protocol() == HttpProtocol.HTTP_1_1 ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0;
    var request =
        new DefaultFullHttpRequest(version, HttpMethod.GET, url.path(), Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set("Host", url.virtualHost().orElseGet(() -> Wording.hostHeader(at)))
        .set("User-Agent", "lvs4j");
    switch (get.protocol()) {
      case HTTP_1_0 -> {}
      case HTTP_1_0_CLOSE, HTTP_1_1 -> request.headers().set("Connection", "close");
      case HTTP_1_0_KEEP_ALIVE -> request.headers().set("Connection", "keep-alive");
    }
    return request;
  }
}
