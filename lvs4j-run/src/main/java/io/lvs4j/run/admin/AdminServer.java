package io.lvs4j.run.admin;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.core.Director;
import io.lvs4j.core.status.IpvsadmTable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows a director over HTTP: {@code /status} as JSON, {@code /ipvs} as {@code ipvsadm -Ln} prints
 * the table, {@code /metrics} for Prometheus and a page for a person at {@code /}. It only shows;
 * nothing can be changed by it.
 *
 * <p>A connection is one request, on a virtual thread, and is closed after 10 s whatever it does;
 * there are at most 64 at a time, and the next ones wait. So whoever sends half a request or reads
 * nothing keeps nobody from an answer for long. Requests for another host name than one that is
 * listened on are refused, for they come from a page in somebody's browser.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.lvs4j.run");
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final int MOST_CONNECTIONS = 64;
  private static final int BACKLOG = 64;
  private static final int LONGEST_HEAD = 16 * 1024;
  private static final Duration REQUEST_TIME = Duration.ofSeconds(3);
  private static final Duration CONNECTION_TIME = Duration.ofSeconds(10);

  private final ServerSocket listener;
  private final Set<String> hosts;
  private final Semaphore free = new Semaphore(MOST_CONNECTIONS);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lvs4j-admin-deadlines").factory());
  private volatile @Nullable Director director;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Map<String, Resource> resources = Map.of();

  /** What is at a path. */
  private record Resource(String type, Supplier<String> text) {}

  /** What was asked for; a status other than 0 is the answer. */
  private record Request(int status, String reason, String method, String path) {
    static Request refused(int status, String reason) {
      return new Request(status, reason, "GET", "");
    }
  }

  private AdminServer(ServerSocket listener, Set<String> hosts) {
    this.listener = listener;
    this.hosts = hosts;
  }

  /**
   * Begins to listen for requests about a director.
   *
   * @throws StartException when the address can't be had
   */
  public static AdminServer start(InetSocketAddress address, Director director) {
    var admin = listen(address, Set.of());
    admin.show(director);
    return admin;
  }

  /**
   * Begins to listen; requests wait until there is a director to {@link #show}.
   *
   * @param hosts names by which clients may ask beside the address, such as one of a reverse proxy
   * @throws StartException when the address can't be had
   */
  public static AdminServer listen(InetSocketAddress address, Set<String> hosts) {
    try {
      var listener = new ServerSocket();
      try {
        listener.bind(address, BACKLOG);
      } catch (IOException refused) {
        listener.close();
        throw refused;
      }
      var names = new HashSet<String>();
      hosts.forEach(each -> names.add(each.toLowerCase(Locale.ROOT)));
      names.add(address.getHostString().toLowerCase(Locale.ROOT));
      return new AdminServer(listener, Set.copyOf(names));
    } catch (IOException refused) {
      throw new StartException(
          List.of(
              new Problem(
                  "--admin " + new Endpoint(address.getAddress(), address.getPort()),
                  String.valueOf(refused.getMessage()),
                  "an address of this host and a port that is free")));
    }
  }

  /** Answers requests from now on. */
  public void show(Director shown) {
    var metrics = new Metrics(shown);
    resources =
        Map.of(
            "/",
                new Resource(
                    "text/html; charset=utf-8",
                    () -> StatusPage.of(shown.snapshot(), shown.vrrp())),
            "/status",
                new Resource(
                    "application/json", () -> StatusJson.of(shown.snapshot(), shown.vrrp())),
            "/ipvs", new Resource(PLAIN, () -> IpvsadmTable.connectionCounts(shown.snapshot())),
            "/metrics", new Resource(Metrics.TYPE, metrics::scrape));
    director = shown;
    Thread.ofPlatform().daemon().name("lvs4j-admin").start(this::accept);
    if (!listener.getInetAddress().isLoopbackAddress()) {
      LOG.log(
          Level.WARNING,
          "admin: "
              + address()
              + " can be reached from other hosts, and there is no password (expected: a loopback"
              + " address, or a firewall)");
    }
  }

  /** Returns where it listens, such as {@code 127.0.0.1:8080}. */
  public String address() {
    return new Endpoint(listener.getInetAddress(), listener.getLocalPort()).toString();
  }

  /** Returns where a person finds the page on this host, such as {@code http://127.0.0.1:8080/}. */
  public String url() {
    var address = listener.getInetAddress();
    var shown = address.isAnyLocalAddress() ? InetAddress.ofLiteral("127.0.0.1") : address;
    // A zone is escaped in a URL (RFC 6874).
    return "http://"
        + new Endpoint(shown, listener.getLocalPort()).toString().replace("%", "%25")
        + "/";
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        free.acquire();
        boolean begun = false;
        try {
          var socket = listener.accept();
          open.add(socket);
          var end =
              deadlines.schedule(
                  () -> close(socket), CONNECTION_TIME.toMillis(), TimeUnit.MILLISECONDS);
          Thread.ofVirtual()
              .name("lvs4j-admin-request")
              .start(() -> {
                try {
                  answer(socket);
                } finally {
                  var _ = end.cancel(false);
                  close(socket);
                  free.release();
                }
              });
          begun = true;
        } finally {
          if (!begun) {
            free.release();
          }
        }
      } catch (IOException | RuntimeException | Error failure) {
        if (!listener.isClosed() && !pause(failure)) {
          return;
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Without descriptors or memory it goes on in a while. */
  private boolean pause(Throwable failure) {
    try {
      LOG.log(Level.WARNING, "admin: accept: " + failure);
    } catch (RuntimeException | Error unlogged) {
      // Whatever kept the connection from being accepted may keep the line from being written.
    }
    try {
      return !closed.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException failure) {
      LOG.log(Level.DEBUG, "admin: close", failure);
    }
  }

  private void answer(Socket socket) {
    try {
      var request = read(socket);
      var response = response(request);
      socket.getOutputStream().write(response);
      socket.shutdownOutput();
      // What is closed unread is reset, and a reset takes the answer away.
      socket.setSoTimeout((int) REQUEST_TIME.toMillis());
      var rest = socket.getInputStream();
      for (int read = 0; read < LONGEST_HEAD && rest.read() >= 0; read++) {}
    } catch (IOException gone) {
      LOG.log(Level.DEBUG, "admin: the client is gone or slow", gone);
    } catch (RuntimeException | Error failure) {
      LOG.log(Level.ERROR, "admin: a request failed", failure);
    }
  }

  /** Reads the head of a request; nothing that can be asked for here has a body. */
  private Request read(Socket socket) throws IOException {
    long deadline = System.nanoTime() + REQUEST_TIME.toNanos();
    var in = new BufferedInputStream(socket.getInputStream());
    var head = new StringBuilder();
    while (head.indexOf("\n\n") < 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return Request.refused(
            408, "expected: a request within " + REQUEST_TIME.toSeconds() + " s");
      }
      socket.setSoTimeout((int) left);
      int next;
      try {
        next = in.read();
      } catch (SocketTimeoutException late) {
        return Request.refused(
            408, "expected: a request within " + REQUEST_TIME.toSeconds() + " s");
      }
      if (next < 0) {
        throw new IOException("half a request");
      }
      if (next != '\r') {
        head.append((char) next);
      }
      if (head.length() > LONGEST_HEAD) {
        return Request.refused(431, "expected: a request of at most 16 KB");
      }
    }
    return parse(head.toString(), socket.getLocalAddress());
  }

  private Request parse(String head, InetAddress local) {
    var lines = head.strip().lines().toList();
    var words = lines.isEmpty() ? List.<String>of() : List.of(lines.getFirst().split(" ", -1));
    if (words.size() != 3 || !words.get(2).startsWith("HTTP/1.")) {
      return Request.refused(400, "expected: an HTTP/1.1 request");
    }
    var named =
        lines.stream()
            .skip(1)
            .filter(line -> line.regionMatches(true, 0, "host:", 0, 5))
            .map(line -> line.substring(5).strip())
            .toList();
    if (named.size() > 1 || (named.isEmpty() && !words.get(2).equals("HTTP/1.0"))) {
      return Request.refused(400, "expected: one Host");
    }
    if (!named.isEmpty() && !isHere(named.getFirst(), local)) {
      return Request.refused(
          421,
          "expected: Host " + Endpoint.literal(local) + ", localhost or a name of --admin-host");
    }
    var target = words.get(1);
    int query = target.indexOf('?');
    return new Request(0, "", words.getFirst(), query < 0 ? target : target.substring(0, query));
  }

  /** Names of loopback can't be made to mean something else; ports may have been forwarded. */
  private boolean isHere(String host, InetAddress local) {
    int colon = host.lastIndexOf(':');
    var name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    var lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("localhost") || hosts.contains(lower)) {
      return true;
    }
    try {
      var address = InetAddress.ofLiteral(lower);
      return address.isLoopbackAddress() || address.equals(local);
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
  }

  private byte[] response(Request request) {
    if (request.status != 0) {
      return response(request.status, PLAIN, request.reason + "\n", "", false);
    }
    boolean head = request.method.equals("HEAD");
    var resource = resources.get(request.path);
    if (resource == null) {
      return response(404, PLAIN, "expected: one of " + paths() + "\n", "", head);
    }
    if (!head && !request.method.equals("GET")) {
      return response(405, PLAIN, "expected: GET or HEAD\n", "Allow: GET, HEAD\r\n", false);
    }
    try {
      return response(200, resource.type(), resource.text().get(), "", head);
    } catch (RuntimeException failure) {
      var shown = director;
      if (shown == null || !shown.isRunning()) {
        return response(503, PLAIN, "leaving\n", "", head);
      }
      LOG.log(Level.ERROR, "admin: " + request.path, failure);
      return response(500, PLAIN, "failed; see the log\n", "", head);
    }
  }

  private String paths() {
    return resources.keySet().stream().sorted().toList().toString();
  }

  private static byte[] response(
      int status, String type, String text, String more, boolean withoutBody) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    var head =
        "HTTP/1.1 "
            + status
            + " "
            + reason(status)
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff"
            + "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline';"
            + " frame-ancestors 'none'\r\n"
            + more
            + "\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    if (withoutBody) {
      return start;
    }
    var all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 421 -> "Misdirected Request";
      case 431 -> "Request Header Fields Too Large";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listener.close();
    } catch (IOException failure) {
      LOG.log(Level.DEBUG, "admin: close", failure);
    }
    deadlines.shutdownNow();
    open.forEach(this::close);
  }
}
