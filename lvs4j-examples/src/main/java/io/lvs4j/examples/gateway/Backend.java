package io.lvs4j.examples.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that says its name: {@code /} at once, {@code /long} in two halves with a wait
 * between them that ends when the demo says so.
 */
final class Backend implements AutoCloseable {
  private final String name;
  private int port;
  private @Nullable HttpServer server;
  private @Nullable ExecutorService executor;
  private final AtomicInteger longAnswersBegun = new AtomicInteger();
  private volatile CountDownLatch secondHalf = new CountDownLatch(1);

  Backend(String name) throws IOException {
    this.name = name;
    start();
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** Starts it, on the port that it had before if there was one. */
  void start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var created = HttpServer.create(address, 1024);
    port = created.getAddress().getPort();
    created.createContext("/", exchange -> answer(exchange, name));
    created.createContext("/health", exchange -> answer(exchange, "well"));
    created.createContext("/long", this::answerInTwoHalves);
    executor = Executors.newVirtualThreadPerTaskExecutor();
    created.setExecutor(executor);
    created.start();
    server = created;
  }

  /** Ends it as a crash would: its listener and all of its connections are gone. */
  void kill() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
    if (executor != null) {
      executor.shutdownNow();
      executor = null;
    }
  }

  /** Returns of how many long answers the first half was sent so far. */
  int longAnswersBegun() {
    return longAnswersBegun.get();
  }

  /** Lets long answers wait for their second half from now on. */
  void holdLongAnswers() {
    secondHalf = new CountDownLatch(1);
  }

  /** Lets long answers have their second half. */
  void finishLongAnswers() {
    secondHalf.countDown();
  }

  @Override
  public void close() {
    kill();
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void answerInTwoHalves(HttpExchange exchange) throws IOException {
    var body = name.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(200, 2L * body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
      out.flush();
      longAnswersBegun.incrementAndGet();
      secondHalf.await();
      out.write(body);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("killed in the middle of an answer", interrupted);
    }
  }
}
