package io.lvs4j.run.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.core.Director;
import io.lvs4j.core.status.IpvsadmTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Shows a director over HTTP: {@code /status} as JSON, {@code /ipvs} as {@code ipvsadm -Ln} prints
 * the table, {@code /metrics} for Prometheus and a page for a person at {@code /}. It only shows;
 * nothing can be changed by it.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.lvs4j.run");
  private static final String PLAIN = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor;
  private final Director director;
  private final Map<String, Resource> resources;

  /** What is at a path. */
  private record Resource(String type, Supplier<String> text) {}

  private AdminServer(HttpServer server, Director director) {
    this.server = server;
    this.director = director;
    this.executor =
        Executors.newFixedThreadPool(
            2, Thread.ofPlatform().daemon().name("lvs4j-admin-", 0).factory());
    var metrics = new Metrics(director);
    this.resources =
        Map.of(
            "/",
                new Resource(
                    "text/html; charset=utf-8",
                    () -> StatusPage.of(director.snapshot(), director.vrrp())),
            "/status",
                new Resource(
                    "application/json", () -> StatusJson.of(director.snapshot(), director.vrrp())),
            "/ipvs", new Resource(PLAIN, () -> IpvsadmTable.connectionCounts(director.snapshot())),
            "/metrics", new Resource(Metrics.TYPE, metrics::scrape));
    server.setExecutor(executor);
    server.createContext("/", this::answer);
  }

  /** An address that is taken, where nobody is answered yet. */
  public static final class Listener implements AutoCloseable {
    private final HttpServer server;
    private boolean answering;

    private Listener(HttpServer server) {
      this.server = server;
    }

    /** Begins to answer; what has asked meanwhile is answered too. */
    public AdminServer show(Director director) {
      var admin = new AdminServer(server, director);
      answering = true;
      server.start();
      return admin;
    }

    /** Gives the address up unless somebody is answered there. */
    @Override
    public void close() {
      if (!answering) {
        server.stop(0);
      }
    }
  }

  /**
   * Takes the address, before a director begins to change anything.
   *
   * @throws StartException when it can't be had
   */
  public static Listener listen(InetSocketAddress address) {
    try {
      return new Listener(HttpServer.create(address, 64));
    } catch (IOException refused) {
      throw new StartException(
          List.of(
              new Problem(
                  "--admin " + text(address),
                  String.valueOf(refused.getMessage()),
                  "an address of this host and a port that is free")));
    }
  }

  /** Returns where it listens, such as {@code 127.0.0.1:8080}. */
  public String address() {
    return text(server.getAddress());
  }

  private static String text(InetSocketAddress address) {
    var host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var resource = resources.get(exchange.getRequestURI().getPath());
      var method = exchange.getRequestMethod();
      if (resource == null) {
        respond(exchange, 404, PLAIN, "expected: one of " + paths() + "\n");
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        respond(exchange, 405, PLAIN, "expected: GET or HEAD\n");
      } else {
        show(exchange, resource);
      }
    }
  }

  private void show(HttpExchange exchange, Resource resource) throws IOException {
    String text;
    try {
      text = resource.text().get();
    } catch (RuntimeException failure) {
      boolean leaving = !director.isRunning();
      if (!leaving) {
        LOG.log(Level.ERROR, "admin: " + exchange.getRequestURI(), failure);
      }
      respond(
          exchange, leaving ? 503 : 500, PLAIN, leaving ? "leaving\n" : "failed; see the log\n");
      return;
    }
    respond(exchange, 200, resource.type(), text);
  }

  private String paths() {
    return resources.keySet().stream().sorted().toList().toString();
  }

  private static void respond(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
  }
}
