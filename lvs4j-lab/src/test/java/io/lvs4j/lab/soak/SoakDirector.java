package io.lvs4j.lab.soak;

import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.core.Director;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The director of the soak, in a process of its own. It obeys its standard input. */
final class SoakDirector {
  private final int[] ports;
  private final AtomicInteger calls = new AtomicInteger();
  private boolean removed;

  private SoakDirector(int[] ports) {
    this.ports = ports;
  }

  /**
   * Serves until its input ends.
   *
   * @param arguments ports: of plain, headers, stream, failing and UDP virtual servers, then of two
   *     echoing servers, one that streams and one that echoes datagrams
   */
  public static void main(String[] arguments) throws IOException {
    new SoakDirector(Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray()).serve();
  }

  private VirtualServer.Builder tcp(int port, int... servers) {
    var builder =
        VirtualServer.tcp("127.0.0.1", port)
            .scheduler(Schedulers.leastConnection())
            .connectTimeout(Duration.ofSeconds(2))
            .idleTimeout(Duration.ofSeconds(10))
            .healthCheck(HealthCheck.tcp().every(Duration.ofSeconds(1)));
    for (int server : servers) {
      builder.realServer("127.0.0.1", server);
    }
    return builder;
  }

  private void serve() throws IOException {
    var plain = tcp(ports[0], ports[5], ports[6]).build();
    var headers = tcp(ports[1], ports[5], ports[6]).acceptProxyProtocol().build();
    var stream = tcp(ports[2], ports[7]).build();
    var failing =
        tcp(ports[3], ports[5])
            .scheduler((_, _) -> {
              switch (calls.incrementAndGet() % 4) {
                case 0 -> throw new StackOverflowError("injected");
                case 1 -> throw new NoClassDefFoundError("injected");
                case 2 -> throw new OutOfMemoryError("injected");
                default -> {
                  return 0;
                }
              }
            })
            .build();
    var datagrams =
        VirtualServer.udp("127.0.0.1", ports[4])
            .scheduler(Schedulers.roundRobin())
            .idleTimeout(Duration.ofSeconds(2))
            .realServer("127.0.0.1", ports[8])
            .build();
    DirectorListener throwing =
        event -> {
          throw new LinkageError("injected: " + event);
        };
    try (var director =
        Director.builder()
            .virtualServer(plain)
            .virtualServer(headers)
            .virtualServer(stream)
            .virtualServer(failing)
            .virtualServer(datagrams)
            .listener(throwing)
            .build()) {
      director.start();
      var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        switch (line) {
          case "reload" -> System.out.println(reload(director, plain, datagrams));
          default -> System.out.println(figures(director));
        }
      }
    }
  }

  /** Without descriptors a virtual server can't be opened again; then that is tried again. */
  private String reload(Director director, VirtualServer plain, VirtualServer datagrams) {
    int weight = 1 + calls.incrementAndGet() % 3;
    director.update(
        plain.toBuilder()
            .realServers(
                plain.realServers().stream()
                    .map(each -> RealServer.of(each.endpoint()).weight(weight))
                    .toList())
            .build());
    try {
      if (removed || calls.get() % 2 == 0) {
        if (!removed) {
          director.remove(datagrams.id());
          removed = true;
        }
        director.add(datagrams);
        removed = false;
      }
      return "reloaded";
    } catch (StartException refused) {
      return "refused";
    }
  }

  private static String figures(Director director) {
    System.gc();
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    var descriptors = new File("/proc/self/fd").list();
    var loops = director.loops();
    return String.join(
        " ",
        Boolean.toString(director.isRunning()),
        Long.toString(loops.stream().filter(loop -> !loop.alive()).count()),
        Long.toString(loops.stream().mapToLong(LoopSnapshot::faults).sum()),
        Integer.toString(descriptors == null ? 0 : descriptors.length),
        Long.toString(direct),
        Long.toString(heap),
        Integer.toString(director.connections().size()));
  }
}
