package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * keepalived's HTTP_GET: the real server is well when it answers a request for a path with one of
 * the expected status codes. Redirects are not followed.
 */
public final class HttpGet implements Probe {
  private final String path;
  private final Optional<String> virtualHost;
  private final List<Integer> statuses;

  private HttpGet(String path, Optional<String> virtualHost, List<Integer> statuses) {
    this.path = Objects.requireNonNull(path, "path");
    this.virtualHost = virtualHost;
    this.statuses = List.copyOf(statuses);
  }

  /**
   * Returns a probe that expects a status from 200 to 299.
   *
   * @param path what to ask for, beginning with a slash; a query may follow
   */
  public static HttpGet of(String path) {
    return new HttpGet(path, Optional.empty(), IntStream.range(200, 300).boxed().toList());
  }

  /** Returns the same with the {@code Host} header set; without it, it is the address and port. */
  public HttpGet virtualHost(String host) {
    return new HttpGet(path, Optional.of(host), statuses);
  }

  /** Returns the same expecting one of these status codes, each 100 to 599. */
  public HttpGet expectStatus(int first, int... more) {
    return new HttpGet(
        path,
        virtualHost,
        IntStream.concat(IntStream.of(first), IntStream.of(more)).boxed().toList());
  }

  /** Returns the same expecting a status code between the two, both included. */
  public HttpGet expectStatusBetween(int least, int most) {
    // Of a range that is wrong only its wrong ends are kept: they are what has to be told.
    var wrong = IntStream.of(least, most).filter(HttpGet::isNoStatus).toArray();
    var statuses = wrong.length == 0 ? IntStream.rangeClosed(least, most) : IntStream.of(wrong);
    return new HttpGet(path, virtualHost, statuses.boxed().toList());
  }

  /** Returns the path to ask for. */
  public String path() {
    return path;
  }

  /** Returns the value of the {@code Host} header, if one was given. */
  public Optional<String> virtualHost() {
    return virtualHost;
  }

  /** Returns the status codes that are a good answer. */
  public List<Integer> statuses() {
    return statuses;
  }

  @Override
  public String name() {
    return "HTTP_GET";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      problems.add(
          new Problem(
              "path", path, "a path that begins with / and has no blanks, percent-encoded"));
    }
    virtualHost.ifPresent(host -> {
      if (host.isEmpty() || !host.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        problems.add(new Problem("virtual host", host, "a host name, with or without a port"));
      }
    });
    if (statuses.isEmpty()) {
      problems.add(new Problem("status", "none", "at least one status code"));
    }
    statuses.stream()
        .filter(HttpGet::isNoStatus)
        .forEach(status -> problems.add(new Problem("status", status.toString(), "100-599")));
    return problems;
  }

  private static boolean isNoStatus(int status) {
    return status < 100 || status > 599;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HttpGet that
        && path.equals(that.path)
        && virtualHost.equals(that.virtualHost)
        && statuses.equals(that.statuses);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, virtualHost, statuses);
  }

  @Override
  public String toString() {
    return name() + " " + path;
  }
}
