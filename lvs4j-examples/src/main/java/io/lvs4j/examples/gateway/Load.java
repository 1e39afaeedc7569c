package io.lvs4j.examples.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask without a pause until they are told to stop. */
final class Load implements AutoCloseable {
  private final int clients;
  private final ExecutorService threads;
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopped;

  Load(Client client, int clients) {
    this.clients = clients;
    this.threads = Executors.newFixedThreadPool(clients);
    for (int i = 0; i < clients; i++) {
      threads.execute(() -> {
        while (!stopped) {
          ask(client);
        }
      });
    }
  }

  private void ask(Client client) {
    try {
      answers.computeIfAbsent(client.get("/"), name -> new AtomicInteger()).incrementAndGet();
    } catch (IOException failure) {
      failures.add(String.valueOf(failure.getMessage()));
    }
  }

  int clients() {
    return clients;
  }

  /** Returns how many answers came from a backend so far. */
  int answersFrom(Backend backend) {
    var count = answers.get(backend.name());
    return count == null ? 0 : count.get();
  }

  /** Returns how many answers there were. */
  int answers() {
    return answers.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** Returns what went wrong so far, one text a failed request. */
  List<String> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /** Ends once every client has had the answer that it waits for. */
  @Override
  public void close() {
    stopped = true;
    threads.close();
  }
}
