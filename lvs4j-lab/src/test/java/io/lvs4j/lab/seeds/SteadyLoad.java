package io.lvs4j.lab.seeds;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Responder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask {@link Responder}s without end, half of them on a connection that they keep,
 * half on a new one each time. Each answer is read to its end and has to be whole, and all on a
 * connection of the same server; anything else is a failure, a reset too.
 */
final class SteadyLoad implements AutoCloseable {
  private static final int PATIENCE = Math.toIntExact(Duration.ofSeconds(30).toMillis());

  /** Lines that are asked at once: more than one packet of answers. */
  private static final int LINES = 100;

  /** New connections are this far apart, so that the client has ports for all of them. */
  private static final Duration PACE = Duration.ofMillis(5);

  private final Host client;
  private final InetSocketAddress server;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  private SteadyLoad(Host client, InetSocketAddress server) {
    this.client = client;
    this.server = server;
  }

  /** Begins with so many clients of either kind. */
  static SteadyLoad start(Host client, InetSocketAddress server, int clients) {
    var load = new SteadyLoad(client, server);
    for (int i = 0; i < clients; i++) {
      load.begin(true);
      load.begin(false);
    }
    return load;
  }

  private void begin(boolean keeping) {
    threads.add(
        Thread.ofPlatform()
            .name("load-" + threads.size())
            .start(() ->
                client.call(() -> {
                  while (!ended) {
                    connection(keeping);
                    LockSupport.parkNanos(PACE.toNanos());
                  }
                  return "";
                })));
  }

  private void connection(boolean keeping) {
    int asked = 0;
    try (var socket = new Socket()) {
      socket.setSoTimeout(PATIENCE);
      socket.setTcpNoDelay(true);
      socket.connect(server, PATIENCE);
      connections.incrementAndGet();
      var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      var first = ask(socket, lines, "");
      asked++;
      while (keeping && !ended) {
        ask(socket, lines, first);
        asked++;
      }
    } catch (IOException broken) {
      failures.add((keeping ? "kept" : "new") + " connection, request " + asked + ": " + broken);
    }
  }

  private String ask(Socket socket, BufferedReader lines, String expected) throws IOException {
    socket.getOutputStream().write("\n".repeat(LINES).getBytes(UTF_8));
    var first = expected;
    for (int i = 0; i < LINES; i++) {
      var line = lines.readLine();
      if (first.isEmpty() && line != null && line.startsWith("real")) {
        first = line;
      }
      if (!first.equals(line)) {
        throw new IOException("line " + i + ": " + line + " (expected: " + first + ")");
      }
    }
    answered.incrementAndGet();
    return first;
  }

  /** Returns how many requests were answered so far, each with all of its lines. */
  long answered() {
    return answered.get();
  }

  /** Returns how many connections there were so far. */
  long connections() {
    return connections.get();
  }

  /** Returns what went wrong so far. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends, once the requests under way are answered. */
  @Override
  public void close() {
    ended = true;
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException("interrupted", interrupted));
      }
    }
  }
}
