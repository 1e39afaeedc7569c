package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * keepalived's HTTP_GET and, with {@link #tls}, SSL_GET: the real server is well when it answers
 * requests for one or more URLs as expected. Redirects are not followed.
 *
 * <p>Several URLs are asked for in turn, one at each check. A failed one takes the server down (its
 * retries being over); while it is down only that one is asked for, and when it is good again all
 * URLs are, once, before the server is up: at once with {@link #fastRecovery}, else one at each
 * check.
 */
public final class HttpGet implements Probe {
  private final List<HttpUrl> urls;
  private final HttpProtocol protocol;
  private final Optional<Tls> tls;
  private final boolean fastRecovery;

  private HttpGet(
      List<HttpUrl> urls, HttpProtocol protocol, Optional<Tls> tls, boolean fastRecovery) {
    this.urls = List.copyOf(urls);
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.tls = tls;
    this.fastRecovery = fastRecovery;
  }

  /**
   * Returns a probe of one URL that expects a status from 200 to 299, asks by HTTP/1.0 and recovers
   * fast.
   *
   * @param path what to ask for, beginning with a slash; a query may follow
   */
  public static HttpGet of(String path) {
    return of(HttpUrl.of(path));
  }

  /** Returns a probe of these URLs that asks by HTTP/1.0 and recovers fast. */
  public static HttpGet of(HttpUrl first, HttpUrl... more) {
    return of(Stream.concat(Stream.of(first), Stream.of(more)).toList());
  }

  /** Returns a probe of these URLs, at least one, that asks by HTTP/1.0 and recovers fast. */
  public static HttpGet of(List<HttpUrl> urls) {
    return new HttpGet(urls, HttpProtocol.HTTP_1_0_CLOSE, Optional.empty(), true);
  }

  /** Returns the same with the {@code Host} header of every URL set. */
  public HttpGet virtualHost(String host) {
    return withUrls(url -> url.virtualHost(host));
  }

  /** Returns the same expecting one of these status codes of every URL, each 100 to 599. */
  public HttpGet expectStatus(int first, int... more) {
    return withUrls(url -> url.expectStatus(first, more));
  }

  /** Returns the same expecting of every URL a status code between the two, both included. */
  public HttpGet expectStatusBetween(int least, int most) {
    return withUrls(url -> url.expectStatusBetween(least, most));
  }

  /** Returns the same expecting of every URL a body with this MD5, in 32 hexadecimal digits. */
  public HttpGet expectDigest(String md5) {
    return withUrls(url -> url.expectDigest(md5));
  }

  /** Returns the same expecting of every URL such a body. */
  public HttpGet expectBody(BodyPattern body) {
    return withUrls(url -> url.expectBody(body));
  }

  /** Returns the same asking in another way. */
  public HttpGet protocol(HttpProtocol protocol) {
    return new HttpGet(urls, protocol, tls, fastRecovery);
  }

  /** Returns the same over TLS: keepalived's SSL_GET. */
  public HttpGet tls(Tls tls) {
    return new HttpGet(urls, protocol, Optional.of(tls), fastRecovery);
  }

  /**
   * Returns the same asking, or not, for all URLs at once where a server is to be found well: when
   * it begins, and when the URL that had failed is good again. keepalived does so with {@code
   * fast_recovery} only.
   */
  public HttpGet fastRecovery(boolean fastRecovery) {
    return new HttpGet(urls, protocol, tls, fastRecovery);
  }

  private HttpGet withUrls(UnaryOperator<HttpUrl> change) {
    return new HttpGet(urls.stream().map(change).toList(), protocol, tls, fastRecovery);
  }

  /** Returns the URLs in the order in which they are asked for. */
  public List<HttpUrl> urls() {
    return urls;
  }

  /** Returns the way to ask. */
  public HttpProtocol protocol() {
    return protocol;
  }

  /** Returns what is asked of TLS; empty for plain HTTP. */
  public Optional<Tls> tls() {
    return tls;
  }

  /** Says whether a server that seems well again is asked for all URLs without delay. */
  public boolean isFastRecovery() {
    return fastRecovery;
  }

  @Override
  public String name() {
    return tls.isPresent() ? "SSL_GET" : "HTTP_GET";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (urls.isEmpty()) {
      problems.add(new Problem("url", "none", "at least one URL"));
    }
    urls.forEach(url ->
        problems.addAll(
            urls.size() == 1
                ? url.problems()
                : url.problems().stream()
                    .map(problem -> problem.within("url " + url.path()))
                    .toList()));
    tls.ifPresent(settings -> problems.addAll(settings.problems()));
    return problems;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HttpGet that
        && urls.equals(that.urls)
        && protocol == that.protocol
        && tls.equals(that.tls)
        && fastRecovery == that.fastRecovery;
  }

  @Override
  public int hashCode() {
    return Objects.hash(urls, protocol, tls, fastRecovery);
  }

  @Override
  public String toString() {
    return name() + " " + urls.stream().map(HttpUrl::path).collect(Collectors.joining(" "));
  }
}
