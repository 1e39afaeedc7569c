package io.lvs4j.examples.gateway;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.core.status.IpvsadmTable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * A gateway in one process with its backends and its clients: spreads connections by several
 * schedulers, loses a backend under load, gets it back, and drains another. Everything it says is
 * checked; it exits with 0 only if all of it was true.
 */
public final class GatewayDemo {
  private static final int REQUESTS = 300;

  private final Timeline timeline;
  private final PrintStream out;
  private final List<Backend> backends;
  private final VirtualServer web;
  private final Client client;

  private GatewayDemo(Timeline timeline, PrintStream out, List<Backend> backends, int port) {
    this.timeline = timeline;
    this.out = out;
    this.backends = backends;
    this.client = new Client(port);
    var builder =
        VirtualServer.tcp("127.0.0.1", port)
            .scheduler(Schedulers.roundRobin())
            .healthCheck(
                HealthCheck.http("/health")
                    .every(Duration.ofMillis(500))
                    .connectTimeout(Duration.ofSeconds(1))
                    .delayBeforeRetry(Duration.ofMillis(100)))
            .listener(event -> {
              if (!(event instanceof DirectorEvent.ConfigurationChange)) {
                timeline.tell("event  " + text(event));
              }
            });
    for (int i = 0; i < backends.size(); i++) {
      builder.realServer(RealServer.of("127.0.0.1", backends.get(i).port()).weight(i + 1));
    }
    this.web = builder.build();
  }

  /** Runs the show and exits with 0 if all was true, else with 1. */
  public static void main(String... arguments) throws Exception {
    System.exit(show(System.out, System.nanoTime()) ? 0 : 1);
  }

  /** Runs the show and says whether all was true. */
  static boolean show(PrintStream out, long began) throws Exception {
    var timeline = new Timeline(out, began);
    var backends = List.of(new Backend("alpha"), new Backend("beta"), new Backend("gamma"));
    try {
      new GatewayDemo(timeline, out, backends, freePort()).run(began);
    } finally {
      backends.forEach(Backend::close);
    }
    timeline.conclude();
    return timeline.allTrue();
  }

  private void run(long began) throws IOException, InterruptedException, ExecutionException {
    try (var director = Director.builder().virtualServer(web).build()) {
      director.start();
      timeline.claim(
          "a director serves "
              + web.id()
              + ", "
              + Duration.ofNanos(System.nanoTime() - began).toMillis()
              + " ms after main began",
          client.get("/").length() > 0);
      spread(director);
      loseAndRegain(director);
      drain(director);
      timeline.part("The table at the end, as ipvsadm -Ln and ipvsadm -Ln --stats print it");
      out.print(IpvsadmTable.connectionCounts(director.snapshot()));
      out.print(IpvsadmTable.statistics(director.snapshot()));
    }
    timeline.claim("after close() nobody listens on port " + client.port(), isClosed());
  }

  private void spread(Director director) throws IOException, InterruptedException {
    timeline.part("Schedulers: " + REQUESTS + " connections each; weights are 1, 2 and 3");
    // The first, for it counts connections that have ended too, as the kernel does.
    director.virtualServer(web).scheduler(Schedulers.weightedLeastConnection());
    timeline.claimEventually(
        "every connection so far has ended", () -> director.connections().isEmpty());
    var held = new ArrayList<Socket>();
    for (int i = 0; i < 60; i++) {
      held.add(client.request("/long"));
    }
    timeline.claimEventually(
        "wlc     60 connections held open: alpha 10, beta 20, gamma 30",
        () -> active(director).equals(List.of(10, 20, 30)));
    backends.forEach(Backend::finishLongAnswers);
    for (var socket : held) {
      try (socket) {
        Client.body(socket);
      }
    }

    int third = REQUESTS / 3;
    int sixth = REQUESTS / 6;
    claimSpread(director, Schedulers.roundRobin(), Map.of(0, third, 1, third, 2, third));
    claimSpread(
        director, Schedulers.weightedRoundRobin(), Map.of(0, sixth, 1, 2 * sixth, 2, 3 * sixth));
    claimSpread(director, Schedulers.weightedFailover(), Map.of(2, REQUESTS));
    Scheduler smallestPort =
        (servers, flow) -> {
          int best = Scheduler.NONE;
          for (int i = 0; i < servers.size(); i++) {
            if (servers.available(i)
                && (best == Scheduler.NONE
                    || servers.endpoint(i).port() < servers.endpoint(best).port())) {
              best = i;
            }
          }
          return best;
        };
    int smallest = 0;
    for (int i = 0; i < backends.size(); i++) {
      if (backends.get(i).port() < backends.get(smallest).port()) {
        smallest = i;
      }
    }
    claimSpread(director, smallestPort, Map.of(smallest, REQUESTS));

    director.virtualServer(web).scheduler(Schedulers.sourceHashing());
    var spread = ask(REQUESTS);
    timeline.claim("sh      " + spread + ": one client, one backend", spread.size() == 1);
  }

  private List<Integer> active(Director director) {
    return director.virtualServer(web).snapshot().realServers().stream()
        .map(RealServerSnapshot::active)
        .toList();
  }

  private void claimSpread(Director director, Scheduler scheduler, Map<Integer, Integer> expected)
      throws IOException {
    director.virtualServer(web).scheduler(scheduler);
    var byName = new TreeMap<String, Integer>();
    expected.forEach((index, count) -> byName.put(backends.get(index).name(), count));
    var spread = ask(REQUESTS);
    timeline.claim(String.format("%-7s %s", scheduler.name(), spread), spread.equals(byName));
  }

  private Map<String, Integer> ask(int times) throws IOException {
    var spread = new TreeMap<String, Integer>();
    for (int i = 0; i < times; i++) {
      spread.merge(client.get("/"), 1, Integer::sum);
    }
    return spread;
  }

  private void loseAndRegain(Director director) throws IOException, InterruptedException {
    timeline.part("A backend dies under load and comes back");
    var beta = backends.get(1);
    var server = director.realServer(web, "127.0.0.1", beta.port());
    director.virtualServer(web).scheduler(Schedulers.roundRobin());
    try (var load = new Load(client, 4)) {
      timeline.claimEventually("all three answer", () -> everyoneAnswers(load));
      beta.kill();
      timeline.tell("beta is killed");
      timeline.claimEventually("its checks see it", () -> !server.snapshot().up());
      int answers = load.answers();
      timeline.claimEventually("the load goes on", () -> load.answers() > answers + 500);
      var failures = load.failures();
      timeline.claim(
          failures.size() + " requests failed, at most the " + load.clients() + " in flight on it",
          failures.size() <= load.clients());
      beta.start();
      timeline.tell("beta is started");
      timeline.claimEventually("its checks see it", () -> server.snapshot().up());
      int before = load.answersFrom(beta);
      timeline.claimEventually("it answers again", () -> load.answersFrom(beta) > before + 100);
      timeline.claim("no other request failed", load.failures().size() == failures.size());
      timeline.tell(load.answers() + " requests in all");
    }
  }

  private boolean everyoneAnswers(Load load) {
    return backends.stream().allMatch(backend -> load.answersFrom(backend) > 100);
  }

  private void drain(Director director)
      throws IOException, InterruptedException, ExecutionException {
    timeline.part("A backend is drained while it is busy");
    var gamma = backends.get(2);
    var server = director.realServer(web, "127.0.0.1", gamma.port());
    gamma.holdLongAnswers();
    try (var busy = longRequestOn(gamma, director);
        var load = new Load(client, 2)) {
      var drained = server.drain(Duration.ofSeconds(30));
      timeline.tell("gamma drains with a long answer under way");
      int before = load.answersFrom(gamma);
      int answers = load.answers();
      timeline.claimEventually("the load goes on", () -> load.answers() > answers + 300);
      timeline.claim(
          "no new connection goes to gamma", load.answersFrom(gamma) <= before + load.clients());
      timeline.claim("the drain waits", !drained.isDone());
      gamma.finishLongAnswers();
      timeline.claim("the long answer is whole", Client.body(busy).equals("gammagamma"));
      busy.shutdownOutput();
      timeline.claim("the drain has ended and cut " + drained.get(), drained.get() == 0);
      timeline.claim(
          "gamma is no longer in the table",
          director.virtualServer(web).snapshot().realServers().size() == 2);
      timeline.claim("no request failed", load.failures().isEmpty());
    }
  }

  /** Returns a connection on which a backend has begun a long answer. */
  private Socket longRequestOn(Backend backend, Director director)
      throws IOException, InterruptedException {
    var server = director.realServer(web, "127.0.0.1", backend.port());
    director
        .virtualServer(web)
        .scheduler((servers, flow) -> {
          for (int i = 0; i < servers.size(); i++) {
            if (servers.endpoint(i).equals(server.endpoint())) {
              return i;
            }
          }
          return Scheduler.NONE;
        });
    int begun = backend.longAnswersBegun();
    var busy = client.request("/long");
    // A connection is scheduled when it is accepted, which may be later than connect() returns.
    timeline.claimEventually(
        backend.name() + " has begun a long answer", () -> backend.longAnswersBegun() > begun);
    director.virtualServer(web).scheduler(Schedulers.roundRobin());
    return busy;
  }

  private boolean isClosed() {
    try {
      return client.get("/").isEmpty();
    } catch (IOException refused) {
      return true;
    }
  }

  private String text(DirectorEvent event) {
    return switch (event) {
      case DirectorEvent.RealServerUp up -> name(up.realServer().port()) + " is up";
      case DirectorEvent.RealServerDown down ->
          name(down.realServer().port()) + " is down: " + down.reason();
      case DirectorEvent.RealServerDrained drained ->
          name(drained.realServer().port()) + " is drained";
      default -> event.toString();
    };
  }

  private String name(int port) {
    return backends.stream()
        .filter(backend -> backend.port() == port)
        .map(Backend::name)
        .findFirst()
        .orElse("port " + port);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
