package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One {@code url} block of keepalived's HTTP_GET: what to ask for, and what the answer has to be.
 * All that is asked of the answer has to hold.
 *
 * @param path what to ask for, beginning with a slash; a query may follow
 * @param virtualHost the {@code Host} header; without it, it is the address and port
 * @param statuses the status codes that are a good answer, each 100 to 599
 * @param digest the MD5 of the body in 32 hexadecimal digits, as keepalived's genhash prints it
 * @param body what the body has to contain
 */
public record HttpUrl(
    String path,
    Optional<String> virtualHost,
    List<Integer> statuses,
    Optional<String> digest,
    Optional<BodyPattern> body) {
  public HttpUrl {
    Objects.requireNonNull(path, "path");
    statuses = List.copyOf(statuses);
    digest = digest.map(hex -> hex.toLowerCase(Locale.ROOT));
    Objects.requireNonNull(body, "body");
  }

  /** Returns a URL that is to be answered with a status from 200 to 299. */
  public static HttpUrl of(String path) {
    return new HttpUrl(
        path,
        Optional.empty(),
        IntStream.range(200, 300).boxed().toList(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the same with the {@code Host} header set. */
  public HttpUrl virtualHost(String host) {
    return new HttpUrl(path, Optional.of(host), statuses, digest, body);
  }

  /** Returns the same expecting one of these status codes, each 100 to 599. */
  public HttpUrl expectStatus(int first, int... more) {
    return expecting(IntStream.concat(IntStream.of(first), IntStream.of(more)));
  }

  /** Returns the same expecting a status code between the two, both included. */
  public HttpUrl expectStatusBetween(int least, int most) {
    // Of a range that is wrong only its wrong ends are kept: they are what has to be told.
    var wrong = IntStream.of(least, most).filter(HttpUrl::isNoStatus).toArray();
    return expecting(wrong.length == 0 ? IntStream.rangeClosed(least, most) : IntStream.of(wrong));
  }

  private HttpUrl expecting(IntStream statuses) {
    return new HttpUrl(path, virtualHost, statuses.boxed().toList(), digest, body);
  }

  /** Returns the same expecting a body with this MD5, in 32 hexadecimal digits. */
  public HttpUrl expectDigest(String md5) {
    return new HttpUrl(path, virtualHost, statuses, Optional.of(md5), body);
  }

  /** Returns the same expecting such a body. */
  public HttpUrl expectBody(BodyPattern body) {
    return new HttpUrl(path, virtualHost, statuses, digest, Optional.of(body));
  }

  /** Returns what is wrong with the settings; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (!path.startsWith("/") || !isVisible(path)) {
      problems.add(
          new Problem(
              "path", path, "a path that begins with / and has no blanks, percent-encoded"));
    }
    virtualHost
        .filter(host -> host.isEmpty() || !isVisible(host))
        .ifPresent(host ->
            problems.add(new Problem("virtual host", host, "a host name, with or without a port")));
    if (statuses.isEmpty()) {
      problems.add(new Problem("status", "none", "at least one status code"));
    }
    statuses.stream()
        .filter(HttpUrl::isNoStatus)
        .forEach(status -> problems.add(new Problem("status", status.toString(), "100-599")));
    digest
        .filter(hex -> !hex.matches("[0-9a-f]{32}"))
        .ifPresent(
            hex -> problems.add(new Problem("digest", hex, "an MD5 in 32 hexadecimal digits")));
    body.ifPresent(pattern -> problems.addAll(pattern.problems()));
    return problems;
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static boolean isNoStatus(int status) {
    return status < 100 || status > 599;
  }
}
