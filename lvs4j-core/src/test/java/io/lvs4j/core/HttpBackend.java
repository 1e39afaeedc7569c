package io.lvs4j.core;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server that answers with its name, and can be told to be unwell or to die. */
public final class HttpBackend implements AutoCloseable {
  private final String name;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private HttpServer server;
  private int port;
  private volatile int healthStatus = 200;

  /** Starts a backend on a free loopback port. */
  public HttpBackend(String name) {
    this.name = name;
    start();
  }

  /** Starts it, on the port that it had. */
  public void start() {
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    port = server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          var health = exchange.getRequestURI().getPath().equals("/health");
          var body = name.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Connection", "close");
          exchange.sendResponseHeaders(health ? healthStatus : 200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.setExecutor(executor);
    server.start();
  }

  /** Returns the port. */
  public int port() {
    return port;
  }

  /** Answers health checks with this status from now on. */
  public void healthStatus(int status) {
    healthStatus = status;
  }

  /** Dies. */
  public void kill() {
    server.stop(0);
  }

  @Override
  public void close() {
    kill();
    executor.shutdownNow();
  }

  /** Asks for / on a new connection and returns the body, or what went wrong. */
  public static String ask(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  /** Returns a port below the ephemeral range that nothing listens on. */
  public static int freePort() {
    for (int port = 20_000 + (int) (ProcessHandle.current().pid() % 5_000); port < 32_000; port++) {
      try (var socket = new java.net.ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        System.getLogger("test").log(System.Logger.Level.DEBUG, "port {0} is taken", port);
      }
    }
    throw new IllegalStateException("no free port between 20000 and 32000");
  }
}
